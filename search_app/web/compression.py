"""Compresses text for browsers that accept it (gzip, RFC 1952), to about a fifth of its size."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

_TEXTS = frozenset(
    {
        *("text/html", "text/css", "text/javascript", "application/json"),
        *("application/atom+xml", "application/opensearchdescription+xml", "image/svg+xml"),
    }
)

_LEAST = 1_000
"""Least bytes of an answer that is compressed."""

_LEVEL = 5
"""The level of compression; higher levels take longer and save hardly anything."""


def register(app: Flask) -> None:
    """Compress the answers of the site, except those of the archivists' desk.

    Secrets on those pages could be guessed from their compressed size, if a page also contains text that an
    attacker sent (BREACH, 2013).
    """
    app.after_request(_compress)


def _compress(answer: Response) -> Response:
    if answer.status_code != 200 or answer.mimetype not in _TEXTS or request.blueprint == "archivist":
        return answer
    answer.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or "Content-Encoding" in answer.headers or request.range:
        return answer
    if request.endpoint == "static":
        answer.direct_passthrough = False
        body = _compressed_once(answer.get_data())
    elif answer.is_streamed or (answer.content_length or 0) < _LEAST:
        return answer
    else:
        body = gzip.compress(answer.get_data(), _LEVEL, mtime=0)
    answer.set_data(body)
    answer.content_encoding = "gzip"
    tag, _is_weak = answer.get_etag()
    if tag:
        answer.set_etag(tag, weak=True)  # the text is the same, but not the bytes
    return answer


@lru_cache(maxsize=64)
def _compressed_once(file: bytes) -> bytes:
    """A compressed file of the site. The result is cached, as these files do not change while the site
    runs."""
    return gzip.compress(file, mtime=0)
