"""Finds the address of the client of a request, for the limits; also behind trusted proxies."""

from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

_ONE_CLIENT = 64
"""Bits of an IPv6 address that identify a client: a subscriber can choose all other bits freely."""


def register(app: Flask, trusted_proxies: int) -> None:
    """Take the address of a client from the header X-Forwarded-For of trusted proxies.

    It is the address that the outermost proxy saw. Addresses before it in the header were sent by the
    client, and are not trusted. Scheme and host are never taken from proxies: they are a setting of the
    site.

    Args:
        trusted_proxies: the number of proxies in front of the site.
    """
    if trusted_proxies:
        proxied = ProxyFix(app.wsgi_app, x_for=trusted_proxies, x_proto=0, x_host=0, x_port=0, x_prefix=0)
        app.wsgi_app = proxied  # type: ignore[method-assign]


def client_address() -> str:
    """The address of the client of this request: for IPv4 as it is, for IPv6 the network of the client."""
    address = (request.remote_addr or "").split("%")[0]  # without the zone of a link-local address
    try:
        parsed = IPv6Address(address)
    except AddressValueError:
        return _ipv4(address)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((parsed, _ONE_CLIENT), strict=False))


def _ipv4(address: str) -> str:
    try:
        return str(IPv4Address(address))
    except AddressValueError:
        return "unknown"  # a local socket, or a proxy that gives no address
