"""Checks requests by the rules of HTTP that waitress does not check, and limits their size.

A request that two servers could understand differently is refused, because a proxy may be in front of this
server (RFC 9112, section 11.2). Whether a body is refused is decided by the headers, before any of it is
read.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError

from search_app.server.request_refusals import Refusal, Refusals

LONGEST_HEADERS = 32 * 1024
"""Most bytes of a request line and its headers together."""

_LONGEST_TARGET = 16 * 1024
"""Most bytes of an address; the longest one on this site has a few thousand."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""The methods that a route may have; TRACE and CONNECT are of no use here."""

_TARGET = re.compile(r"/.*|https?://.+|\*", re.DOTALL | re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\x7f]|%00")
_HOST = re.compile(r"[A-Za-z0-9._~%!$&'()*+;=-]+(:[0-9]*)?|\[[0-9A-Fa-f:.]+\](:[0-9]*)?")
_FOLDED = re.compile(rb"\r\n[ \t]")
_ENCODINGS = re.compile(rb"^transfer-encoding:(.*)$", re.IGNORECASE | re.MULTILINE)


def _has_unknown_version(request: "Parser") -> bool:
    return request.version not in ("1.0", "1.1")


def _has_unknown_method(request: "Parser") -> bool:
    return request.command not in _METHODS


def _has_long_target(request: "Parser") -> bool:
    return len(request.request_uri) > _LONGEST_TARGET


def _has_wrong_target(request: "Parser") -> bool:
    target = request.request_uri
    return not _TARGET.fullmatch(target) or _CONTROL.search(target) is not None


def _has_wrong_host(request: "Parser") -> bool:
    """Whether the Host header is missing or wrong. Several are joined by commas; HTTP/1.0 requires none."""
    host = request.headers.get("HOST")
    if host is None:
        return bool(request.version == "1.1")
    return _HOST.fullmatch(host) is None


def _has_uncertain_length(request: "Parser") -> bool:
    """Whether it is unclear where the body ends: there are a length and chunks, chunks in HTTP/1.0, or
    chunks twice."""
    encodings = _ENCODINGS.findall(request.block)
    if not encodings:
        return False
    is_plainly_chunked = len(encodings) == 1 and encodings[0].strip(b" \t\r").lower() == b"chunked"
    return not is_plainly_chunked or request.version == "1.0" or "CONTENT_LENGTH" in request.headers


def _has_folded_lines(request: "Parser") -> bool:
    return _FOLDED.search(request.block) is not None


_FAULTS: Sequence[tuple[Callable[["Parser"], bool], int]] = (
    (_has_unknown_version, 400),
    (_has_unknown_method, 405),
    (_has_long_target, 414),
    (_has_wrong_target, 400),
    (_has_wrong_host, 400),
    (_has_uncertain_length, 400),
    (_has_folded_lines, 400),
)
"""Each rule with the status of the answer to requests that break it."""


_WAITRESS_REFUSES: Mapping[int, int | str] = {431: 431, 413: "too-large"}
"""Errors that waitress finds by itself, with our reason; any other one is a request that cannot be
understood."""


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """A request that is being received."""

    waits_since = 0.0
    """The time since which it waits for a thread, as given by `time.monotonic`."""
    is_cut_off = False
    """Whether it was refused before all of it was read."""
    is_upload = False
    """Whether it may be larger than a form."""
    block = b""
    """Its request line and headers."""
    _largest_body: int | None = None
    """Most bytes of its body; None until its headers are read."""

    def __init__(self, refusals: Refusals, adjustments: Any) -> None:
        super().__init__(adjustments)
        self.begun = time.monotonic()
        self._refusals = refusals

    def parse_header(self, header_plus: bytes) -> None:
        """Read the request line and the headers."""
        self.block = header_plus
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # a number with thousands of digits, or an invalid address in brackets
            raise ParsingError(str(error)) from error

    def received(self, data: bytes) -> int:
        """Process received bytes. Returns how many of them belong to this request."""
        try:
            taken: int = super().received(data)
        except OSError:
            self._cut_off("no-room")  # the body is kept in a temporary file
            return len(data)
        if self.error is not None:
            if not isinstance(self.error, Refusal):
                self._cut_off(_WAITRESS_REFUSES.get(self.error.code, 400))
        elif self.headers_finished and not self.empty:
            if self._largest_body is None:
                self._look_at_headers()
            elif self.body_bytes_received > self._largest_body:
                self._cut_off("too-large")
        return taken

    def _look_at_headers(self) -> None:
        fault = next((status for is_broken, status in _FAULTS if is_broken(self)), None)
        if fault is not None:
            self._cut_off(fault)
            return
        self._largest_body, self.is_upload = self._refusals.largest_body(self)
        if self.content_length > self._largest_body:
            self._cut_off("too-large")

    def _cut_off(self, why: int | str) -> None:
        self.is_cut_off = True
        self.refuse(why)

    def refuse(self, why: int | str) -> None:
        """Answer with a refusal instead of asking the application.

        Args:
            why: "busy", "too-large", "no-room", or the status of what is wrong with the request.
        """
        self.error = self._refusals.of(why, self)
        self.completed = True
        self.expect_continue = False
