"""Downloads over HTTP(S), within limits of size, time, redirects and address.

The time limit covers everything from the first look-up of a name to the last byte, however slowly bytes
arrive.
"""

import ssl
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import BinaryIO

import httpcore
import httpx

from archive.surroundings import machine_troubles_as_errors
from archive.version import VERSION
from ingest.acquisition.guarded_network import GuardedTransport
from ingest.acquisition.pdf_check import too_big
from ingest.errors import (
    DeadLink,
    DownloadTooSlow,
    TooManyRedirects,
    Unreachable,
    UnsupportedAddress,
    UntrustedSite,
)

MOST_REDIRECTS = 10
_CHUNK = 64 * 1024
_HEADERS = {
    "User-Agent": f"Terugblik/{VERSION} (archive of public documents)",
    "Accept": "application/pdf, text/html;q=0.9, */*;q=0.5",
    # The file has to be stored as it was published, so compression during the transfer is of no use.
    "Accept-Encoding": "identity",
}
_NOT_RECORDED = {"set-cookie", "set-cookie2"}


@dataclass(frozen=True, slots=True)
class Download:
    """A downloaded file. To be used in a ``with`` block: the file is deleted when it is closed."""

    file: BinaryIO
    """A temporary file, positioned at its start. It has no name, so that it does not remain after a crash."""
    url: str
    final_url: str
    """The address after redirects."""
    headers: Mapping[str, str]
    """The headers of the response, without cookies; their names are in lower case."""
    retrieved_at: datetime

    def __enter__(self) -> "Download":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()


def fetch(url: str, *, max_size: int, timeout: float, allow_private: bool = False) -> Download:
    """Download `url`: at most `max_size` bytes in at most `timeout` seconds, redirects included.

    Raises:
        UnsupportedAddress: not HTTP or HTTPS, not a URL, or one with a password in it.
        PrivateAddress: it, or a redirect, leads to a private address, and `allow_private` is False.
        DeadLink: the site answers that there is nothing at this address.
        TooBig: the file is larger than `max_size`.
        DownloadTooSlow, TooManyRedirects, UntrustedSite, Unreachable: see there.
        ServiceUnavailable: the disk has no room for the download, or other trouble of the machine.
    """
    transport = GuardedTransport(time.monotonic() + timeout, allow_private)
    try:
        # trust_env=False: a proxy would resolve names itself, so that their addresses would not be checked.
        with httpx.Client(transport=transport, headers=_HEADERS, trust_env=False, timeout=None) as client:
            return _follow(client, url, max_size)
    except httpcore.TimeoutException as error:
        raise DownloadTooSlow(f"{_host(url)} did not deliver the file within {timeout:g} seconds.") from error
    except httpcore.ConnectError as error:
        refusal = error.__context__  # the connection pool removes the cause, but not the context
        if isinstance(refusal, ssl.SSLError):
            reason = getattr(refusal, "verify_message", None) or refusal.reason or "unknown"
            raise UntrustedSite(f"No safe connection to {_host(url)} can be made: {reason}.") from error
        raise Unreachable(f"{_host(url)} cannot be reached: {error}.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise Unreachable(f"The download from {_host(url)} broke off: {error}.") from error


def _follow(client: httpx.Client, url: str, max_size: int) -> Download:
    address = _checked(url)
    for _hop in range(MOST_REDIRECTS + 1):
        with client.stream("GET", address) as response:
            if response.has_redirect_location:
                address = _checked(_redirected(address, response.headers["location"]))
                continue
            _require_success(response)
            file = _save(response, max_size)
            headers = {name: value for name, value in response.headers.items() if name not in _NOT_RECORDED}
            return Download(file, url, str(address), headers, datetime.now(UTC))
    raise TooManyRedirects(f"{_host(url)} redirects more than {MOST_REDIRECTS} times.")


def _checked(url: str | httpx.URL) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise UnsupportedAddress(f"This is not a web address: {error}.") from error
    if address.scheme not in ("http", "https"):
        raise UnsupportedAddress("Only addresses that start with http:// or https:// can be fetched.")
    if not address.host:
        raise UnsupportedAddress("The address names no site.")
    if address.userinfo:
        # The address is stored as the source of the document, which everyone can see.
        raise UnsupportedAddress("The address contains a user name or password.", "Give it without these.")
    return address


def _redirected(address: httpx.URL, location: str) -> httpx.URL:
    try:
        return address.join(location)
    except httpx.InvalidURL as error:
        raise Unreachable(f"{address.host} redirects to something that is not an address.") from error


def _require_success(response: httpx.Response) -> None:
    status = response.status_code
    if status in (404, 410):
        raise DeadLink(f"{response.url.host} has nothing at this address (HTTP {status}).")
    if status != 200:
        reason = f" {response.reason_phrase}".rstrip()
        raise Unreachable(f"{response.url.host} did not give the file (HTTP {status}{reason}).")


def _save(response: httpx.Response, max_size: int) -> BinaryIO:
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_size:
        raise too_big(max_size)
    with machine_troubles_as_errors():
        file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 (handed to the caller, who closes it)
        try:
            size = 0
            for chunk in _decoded(response):
                size += len(chunk)
                if size > max_size:
                    raise too_big(max_size)
                file.write(chunk)
            file.seek(0)
        except BaseException:
            with suppress(OSError):  # closing tries once more to write what could not be written
                file.close()
            raise
    return file


def _decoded(response: httpx.Response) -> Iterator[bytes]:
    """The body in pieces of bounded size, even if a server compresses it although it was asked not to.

    httpx could decode it, too, but not in bounded pieces: a small piece of compressed data may become
        gigabytes.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        yield from response.iter_raw(_CHUNK)
        return
    if encoding not in ("gzip", "x-gzip"):
        raise Unreachable(f"{response.url.host} sends the file in an encoding that was not asked for.")
    decoder = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        for chunk in response.iter_raw(_CHUNK):
            waiting = chunk
            while waiting and not decoder.eof:
                yield decoder.decompress(waiting, _CHUNK)
                waiting = decoder.unconsumed_tail
    except zlib.error as error:
        raise Unreachable(f"{response.url.host} sends the file compressed, but damaged.") from error
    if not decoder.eof:
        raise Unreachable(
            f"The download from {response.url.host} broke off: its compressed data have no end."
        )


def _host(url: str) -> str:
    return httpx.URL(url).host
