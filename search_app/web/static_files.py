"""Style sheets, scripts and icons. Their addresses change with their contents; old addresses are
redirected."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, redirect, request, url_for
from werkzeug import Response

_MOVED = {
    "archivist.css": "desk/archivist.css",
    "cite.css": "citation/cite.css",
    "cite.js": "citation/cite.js",
    "correct.js": "desk/correct.js",
    "editions/versions.css": "editions/editions.css",
    "page.css": "document/page.css",
    "page.js": "document/page.js",
    "pairs.js": "translations/pairs.js",
    "parallel.css": "translations/translation.css",
    "search.js": "search/search.js",
    "selection.js": "document/selection.js",
    "translations/parallel.css": "translations/translation.css",
    "trends.css": "occurrences/trends.css",
    "trends_file.css": "occurrences/trends_file.css",
    "versions.css": "editions/editions.css",
    "words.js": "document/words.js",
}
"""Old names of files, with the present ones. Saved pages and web archives contain the old names."""


def register(app: Flask) -> None:
    """Add a version to the addresses of static files, so that browsers may cache them, and redirect old
    addresses."""
    folder = Path(str(app.static_folder))
    stamps = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in folder.rglob("*.*")
    }

    @app.url_defaults
    def stamp(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and values.get("filename") in stamps:
            values["v"] = stamps[values["filename"]]

    @app.before_request
    def redirect_moved() -> Response | None:
        name = _MOVED.get((request.view_args or {}).get("filename", ""))
        if request.endpoint != "static" or name is None:
            return None
        # Not a permanent redirect, as the version in the address changes.
        return redirect(url_for("static", filename=name))
