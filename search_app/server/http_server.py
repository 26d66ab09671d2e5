"""One process of the web server: waitress, with limits.

One thread reads and writes all connections, so a slow client occupies a connection but no other thread. A
request is given to a thread of the application when all of it has arrived. This module limits the
connections, the time that a client may take, and the number of requests that wait. `request_parser.py`
limits the size of a request. Only these two modules use waitress.
"""

import logging
import re
import resource
import socket
import sys
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from search_app.server.request_parser import LONGEST_HEADERS, Parser
from search_app.server.request_refusals import Refusals

_PAGE_THREADS, _FILE_THREADS, _LONG_THREADS = 4, 2, 2
"""Threads of each queue. With more of them, each would be slower, and so would the thread that reads and
writes."""

_FILES = re.compile("/(static|original|page-image)/")
"""Addresses of files: they are answered quickly, so they do not wait for pages."""

_LONG_WORK = re.compile(
    r"/.*(/(concordance|counterparts|parallel|quote|trends|versions)\b|\.(csv|jsonl|xlsx)$)"
)
"""Addresses whose answers may take long, so that pages do not wait for them."""

_MOST_WAITING = 128
"""Most requests that wait in each queue; if it is full, a new one is refused at once."""

_PATIENCE = 8.0
"""Seconds after which a waiting request is refused; otherwise all requests after it would wait as long."""

_MOST_CONNECTIONS = 500
"""Most open connections. If there is another one, a connection of the client with most of them is closed."""

_SECONDS_FOR_HEADERS, _SECONDS_FOR_A_FORM, _SECONDS_OF_SILENCE = 20, 60, 60
"""How long a client may take to send the headers, to send a form, and to be idle. Uploads and answers may
take any time, as long as something is transferred."""

_SECONDS_TO_FINISH = 8.0
"""Seconds within which answers are finished when the server stops."""

_UNSENT = 64 * 1024 * 1024
"""Most bytes of an answer that are stored for a slow client, in a temporary file; with more, a thread has
to wait."""

_LINGER_SECONDS, _LINGER_BYTES, _MOST_LINGERING = 8.0, 16 * 1024 * 1024, 32
"""How long, and how many bytes, are still read (and dropped) from a client that was refused while it was
sending; and from how many clients at a time."""

_FILES_OPEN = 4_096


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection to a client."""

    was_cut_off = False
    """Whether the last request was refused before all of it was read."""

    def __init__(self, server: "Server", *rest: Any, **named: Any) -> None:
        self.parser_class = partial(Parser, server.refusals)
        super().__init__(server, *rest, **named)

    def service(self) -> None:
        """Answer the next request of this connection, unless it has waited too long."""
        request: Parser = self.requests[0]
        if request.error is not None:
            self.was_cut_off = request.is_cut_off
        elif time.monotonic() - request.waits_since > _PATIENCE:
            request.refuse("busy")
        super().service()

    def handle_close(self) -> None:
        """Close the connection. A client that was refused while it was sending can still read the answer."""
        if self.connected and self.was_cut_off:
            self.was_cut_off = False
            self.server.let_go(self.socket)
        super().handle_close()

    def is_overdue(self, now: float) -> bool:
        """Whether the client takes too long. Time in which it waits for the application does not count."""
        is_silent = bool(now - self.last_activity > _SECONDS_OF_SILENCE)
        if self.requests:
            return is_silent and bool(self.total_outbufs_len)
        if is_silent:
            return True
        begun: Parser | None = self.request
        if begun is None:
            has_said_nothing = self.last_activity == self.creation_time
            return has_said_nothing and bool(now - self.creation_time > _SECONDS_FOR_HEADERS)
        age = time.monotonic() - begun.begun
        if not begun.headers_finished:
            return age > _SECONDS_FOR_HEADERS
        return age > _SECONDS_FOR_A_FORM and not begun.is_upload


class _Leaving(wasyncore.dispatcher):  # type: ignore[misc]
    """A client that was refused while it was sending.

    If its connection were closed at once, it might lose the answer before reading it (RFC 9112, section 9.6).
    """

    def __init__(self, connection: socket.socket, connections: dict[int, Any]) -> None:
        super().__init__(connection, connections)
        self.until = time.monotonic() + _LINGER_SECONDS
        self._left = _LINGER_BYTES
        connection.shutdown(socket.SHUT_WR)

    def writable(self) -> bool:
        """Nothing more is sent."""
        return False

    def handle_read(self) -> None:
        """Drop what the client sends."""
        received = len(self.recv(1024 * 1024))
        self._left -= received
        if not received or self._left < 0:
            self.close()

    def handle_close(self) -> None:
        """The client has closed the connection."""
        self.close()


class Server(TcpWSGIServer):  # type: ignore[misc]
    """A server on a socket that may be shared with other processes."""

    channel_class = _Channel

    def __init__(self, app: Flask, listener: socket.socket) -> None:
        """Make a server that answers when :meth:`run` is called."""
        _allow_open_files()
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # queues are limited, see `add_task`
        self.refusals = Refusals(app)
        self._stops = False
        self._leaving: list[_Leaving] = []
        self._pages, self._files, self._long = (ThreadedTaskDispatcher() for _line in range(3))
        self._pages.set_thread_count(_PAGE_THREADS)
        self._files.set_thread_count(_FILE_THREADS)
        self._long.set_thread_count(_LONG_THREADS)
        super().__init__(
            app,
            map={},
            _sock=listener,
            dispatcher=self._pages,
            bind_socket=False,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            adj=Adjustments(
                sockets=[listener],
                ident="",  # do not reveal which software the server uses
                clear_untrusted_proxy_headers=False,  # the application knows which proxies to trust
                connection_limit=_MOST_CONNECTIONS
                + _MOST_LINGERING
                + 10,  # never reached, see `handle_accept`
                cleanup_interval=1,
                asyncore_use_poll=True,
                log_socket_errors=False,
                max_request_header_size=LONGEST_HEADERS,
                max_request_body_size=sys.maxsize,  # each request has a limit of its own
                outbuf_high_watermark=_UNSENT,
            ),
        )

    def add_task(self, channel: _Channel) -> None:
        """Put the next request of a connection into its queue, or refuse it at once if that is full."""
        request: Parser = channel.requests[0]
        request.waits_since = time.monotonic()
        line = self._line(request)
        if request.error is None and len(line.queue) >= _MOST_WAITING:
            request.refuse("busy")
            line = self._files
        line.add_task(channel)

    def _line(self, request: Parser) -> ThreadedTaskDispatcher:
        if request.error is not None or _FILES.match(request.path):
            return self._files
        return self._long if _LONG_WORK.match(request.path) else self._pages

    def handle_accept(self) -> None:
        """Accept a new connection, and close another one if there are too many."""
        if len(self.active_channels) >= _MOST_CONNECTIONS:
            self._make_room()
        super().handle_accept()

    def _make_room(self) -> None:
        """Close a connection, to make room for a new one.

        Only connections without a request at work are considered: of the client with most of them, the one
        that has been idle longest.
        """
        channels = self.active_channels.values()
        spare = [channel for channel in channels if not channel.requests and not channel.will_close]
        if spare:
            counts = Counter(channel.addr[0] for channel in spare)
            most = max(counts, key=counts.__getitem__)
            of_most = (channel for channel in spare if channel.addr[0] == most)
            min(of_most, key=lambda channel: channel.last_activity).will_close = True

    def maintenance(self, now: float) -> None:
        """Close the connections of clients that take too long. Called every second."""
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(now):
                channel.will_close = True
        for leaving in self._leaving:
            if time.monotonic() > leaving.until:
                leaving.close()

    def let_go(self, connection: socket.socket) -> None:
        """Keep a connection open for a while before it is closed, so that the client can read the answer."""
        self._leaving = [leaving for leaving in self._leaving if leaving.connected]
        if len(self._leaving) < _MOST_LINGERING:
            with suppress(OSError):  # the client has closed the connection already
                self._leaving.append(_Leaving(connection.dup(), self._map))

    def run(self) -> None:
        """Answer requests until :meth:`stop`; then finish the answers to those that have arrived, for some
        seconds."""
        while not self._stops:
            self._look_after_connections(1)
        self.del_channel()
        self.socket.close()
        end = time.monotonic() + _SECONDS_TO_FINISH
        while self._is_answering() and time.monotonic() < end:
            self._look_after_connections(0.1)

    def stop(self) -> None:
        """Stop as soon as possible. May be called by any thread and by a signal handler."""
        self._stops = True
        self.pull_trigger()

    def _look_after_connections(self, seconds: float) -> None:
        wasyncore.loop(seconds, use_poll=True, map=self._map, count=1)

    def _is_answering(self) -> bool:
        return any(one.requests or one.total_outbufs_len for one in self.active_channels.values())


def _allow_open_files() -> None:
    """Raise the limit on open files, so that it suffices for all connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_OPEN if hard == resource.RLIM_INFINITY else min(hard, _FILES_OPEN)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
