"""A web server on loopback, with routes that behave as badly as real sites do."""

import gzip
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


class WebServer:
    """Answers by path; what it has no answer for is 404. `asked` holds the requests in order."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.prefixes: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [path for path, _headers in self.asked]

    def serve(self, path: str, body: bytes, content_type: str = "application/pdf", **headers: str) -> str:
        """Answer `path` with `body`; returns its address. Header names with _ for -."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            send(handler, 200, body, {"Content-Type": content_type, **_names(headers)})

        return self.route(path, answer)

    def redirect(self, path: str, location: str, status: int = 302) -> str:
        return self.route(path, lambda handler: send(handler, status, b"", {"Location": location}))

    def route(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return self.url + path

    def route_prefix(self, prefix: str, answer: Answer) -> None:
        """Answer all paths that begin with `prefix` and have no answer of their own."""
        self.prefixes[prefix] = answer

    def _answer(self, path: str) -> Answer:
        if path in self.answers:
            return self.answers[path]
        found = (answer for prefix, answer in self.prefixes.items() if path.startswith(prefix))
        return next(found, _not_found)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.asked.append((self.path, dict(self.headers.items())))
                answer = server._answer(self.path)
                try:
                    answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_told: object) -> None:
                """Stay silent."""

        return Handler

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def web_server(tls: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """A running server, with HTTPS if `tls` is given."""
    server = WebServer(tls)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def compressed(body: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        body = gzip.compress(body)
    return body


def _not_found(handler: BaseHTTPRequestHandler) -> None:
    page = b"<!DOCTYPE html><html><body>Niets gevonden</body></html>"
    send(handler, 404, page, {"Content-Type": "text/html"})


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
