"""Makes the web application from the parts in the folders of this package."""

import os
import secrets
from pathlib import Path

from flask import Flask, Response
from flask_babel import Babel

from archive.settings import Settings
from search_app import damage
from search_app.api import api_views, download_views
from search_app.citation import card_views, embedded_metadata, quotation_check_views
from search_app.desk import desk_views, history_words, sign_in
from search_app.desk.upload import LARGEST_FORM
from search_app.desk.upload_spool import SpoolingRequest
from search_app.document import document_views, warning_words
from search_app.editions import edition_views
from search_app.library import Library
from search_app.occurrences import concordance_views, trends_views
from search_app.search import feed_views, home_views, search_views
from search_app.translations import counterparts_views, translation_views
from search_app.web import (
    addresses,
    compression,
    display_names,
    errors,
    interface_language,
    static_files,
)
from search_app.web.protection import clients, crawlers, form_tokens, limits
from search_app.web.ranges import Answer

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def make_site(settings: Settings) -> Flask:
    """The application, with all its pages.

    Raises:
        DamagedArchive, ServiceUnavailable: the catalogue cannot be opened.
    """
    app = Flask(__package__)
    app.request_class = SpoolingRequest
    app.response_class = Answer
    app.extensions["library"] = Library.open(settings)
    app.config.update(
        SECRET_KEY=_session_key(settings.data),
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
    )
    app.jinja_environment = interface_language.TemplatesInLanguages
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    Babel(
        app,
        default_translation_directories="messages",
        default_timezone="Europe/Brussels",
        locale_selector=interface_language.interface_locale,
    )
    interface_language.register(app)
    display_names.register(app)
    warning_words.register(app)
    history_words.register(app)
    damage.register(app)
    app.jinja_env.globals["library"] = app.extensions["library"]
    for function in addresses.FOR_TEMPLATES:
        app.add_template_global(function)
    static_files.register(app)
    for room in (
        home_views,
        search_views,
        concordance_views,
        download_views,
        trends_views,
        feed_views,
        document_views,
        translation_views,
        counterparts_views,
        edition_views,
        card_views,
        embedded_metadata,
        quotation_check_views,
        api_views,
        desk_views,
        crawlers,
    ):
        app.register_blueprint(room.blueprint)
    errors.register(app)
    sign_in.register(app)
    form_tokens.register(app)
    clients.register(app, settings.trusted_proxies)
    limits.register(app, settings.limits_store)
    crawlers.register(app)
    app.after_request(_set_security_headers)
    compression.register(app)
    return app


def _session_key(data: Path) -> bytes:
    """The key that signs session cookies. It is made once, and stored in the folder of the archive,
    readable by its owner.

    If it can be neither made nor read, as in a read-only archive, nobody can sign in, and any key will do.
    """
    try:
        return _kept_session_key(data)
    except OSError:
        return secrets.token_bytes(32)


def _kept_session_key(data: Path) -> bytes:
    path = data / "session.key"
    data.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = data / f"session.key.{secrets.token_hex(8)}"
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
            os.link(draft, path)
        except FileExistsError:
            pass  # another process has just made one, which is used instead
        finally:
            draft.unlink(missing_ok=True)
    return path.read_bytes()


def _set_security_headers(response: Response) -> Response:
    """Set these headers in every answer, except those that a view has set already."""
    response.headers.setdefault("Content-Security-Policy", _CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    # Caches have to ask before they use an answer again, so that none shows a withdrawn document.
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    return response
