"""Connections for downloads: only to addresses that were checked, and never past a deadline.

Links come from web pages and from people, so they are not trusted: a link, or a redirect from it, could
lead into the network where this program runs. Every host name is resolved here, and its addresses are
checked. The connection is made to a checked address, not to the name, which might resolve to another
address the next time.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import httpcore
import httpx

from ingest.errors import PrivateAddress, Unreachable

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class GuardedTransport(httpx.BaseTransport):
    """HTTP over such connections.

    Args:
        deadline: a time as given by `time.monotonic`.
        allow_private: whether addresses in private networks are allowed.
    """

    def __init__(self, deadline: float, allow_private: bool) -> None:
        self._backend = _GuardedBackend(deadline, allow_private)
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    def _pool(self, scheme: str) -> httpcore.ConnectionPool:
        if scheme not in self._pools:
            # Loading the certificates takes a tenth of a second, so they are loaded only if they are needed.
            context = httpx.create_ssl_context() if scheme == "https" else None
            self._pools[scheme] = httpcore.ConnectionPool(context, network_backend=self._backend)
        return self._pools[scheme]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        response = self._pool(url.scheme).handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only."""

    def __init__(self, deadline: float, allow_private: bool) -> None:
        self._deadline = deadline
        self._allow_private = allow_private
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("it has no address")
        for address in _resolve(host, port, self._allow_private):
            try:
                stream = self._network.connect_tcp(
                    address, port, _left(self._deadline), local_address, socket_options
                )
                return _TimedStream(stream, self._deadline)
            except httpcore.ConnectError as error:
                failure = error
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A connection that stops waiting at the deadline, whatever timeouts the caller gives."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left


def _resolve(host: str, port: int, allow_private: bool) -> list[str]:
    """The addresses of a host that connections are allowed to.

    Raises:
        Unreachable: the name of the host is not known.
        PrivateAddress: one of its addresses is not public. Public sites have only public ones.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"There is no site {host}: the name is not known.") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not allow_private and not is_public(address):
            named = host if host == address else f"{host} leads to {address}, which"
            raise PrivateAddress(f"{named} is not a public address.")
    return addresses


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    Private, loopback, link-local, multicast, reserved and unspecified addresses do not, nor do IPv6
    addresses that contain one of those (IPv4-mapped, 6to4, Teredo, NAT64).
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    carried: list[ipaddress.IPv4Address | None] = []
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        carried = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    is_special = ip.is_multicast or ip.is_reserved or not ip.is_global
    return not is_special and all(is_public(str(inside)) for inside in carried if inside is not None)
