"""What may a request look like? The rules of HTTP that waitress leaves open, and how much is read of one.

A request that two servers could understand differently is refused, since a proxy may be in front of this one
(RFC 9112, section 11.2). A body is refused by what its headers say, before any of it is read.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError

from search_app.server.request_refusals import Refusal, Refusals

LONGEST_HEADERS = 32 * 1024
"""Bytes of a request line and its headers together."""

_LONGEST_TARGET = 16 * 1024
"""Bytes of an address; the longest that this site makes has a few thousand."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Those that a route could have; TRACE and CONNECT are for others than this site."""

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
    """Several come as one with a comma; HTTP/1.0 needs none."""
    host = request.headers.get("HOST")
    if host is None:
        return bool(request.version == "1.1")
    return _HOST.fullmatch(host) is None


def _has_uncertain_length(request: "Parser") -> bool:
    """Both a length and chunks, chunks in HTTP/1.0, or chunks twice: where does the body end?"""
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
"""Each rule with the status of what breaks it."""


_WAITRESS_REFUSES: Mapping[int, int | str] = {431: 431, 413: "too-large"}
"""What waitress refuses by itself; all else is a request that cannot be understood."""


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """A request as it comes in."""

    waits_since = 0.0
    """Since when it waits for a thread (monotonic)."""
    is_cut_off = False
    """Whether it was refused without all of it being read."""
    is_upload = False
    """Whether it may be larger than a form."""
    block = b""
    """Its request line and headers."""
    _largest_body: int | None = None
    """Bytes that its body may have; None before its headers were read."""

    def __init__(self, refusals: Refusals, adjustments: Any) -> None:
        super().__init__(adjustments)
        self.begun = time.monotonic()
        self._refusals = refusals

    def parse_header(self, header_plus: bytes) -> None:
        """Read the request line and the headers."""
        self.block = header_plus
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # a number with thousands of digits, an address in brackets that is none
            raise ParsingError(str(error)) from error

    def received(self, data: bytes) -> int:
        """Take in what has come; how many bytes of it belong to this request."""
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
