"""Whose request is this? The address by which limits are counted, also behind trusted proxies."""

from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

_ONE_CLIENT = 64
"""Bits of an IPv6 address that stand for one client: a subscriber is given at least these and may choose the
rest at will."""


def register(app: Flask, trusted_proxies: int) -> None:
    """Let the address of a client be the one that the outermost of so many trusted proxies saw.

    What a client itself sends as X-Forwarded-For stands before that and is not believed. Scheme and host are
    never taken from proxies: those of the site are a setting.
    """
    if trusted_proxies:
        proxied = ProxyFix(app.wsgi_app, x_for=trusted_proxies, x_proto=0, x_host=0, x_port=0, x_prefix=0)
        app.wsgi_app = proxied  # type: ignore[method-assign]


def client_address() -> str:
    """The address of this request's client: IPv4 as it is, of IPv6 the network that one client is given."""
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
        return "unknown"  # a socket of this machine, or a proxy that says nothing of use
