"""The web site: pages for people, JSON for programs. It reads the archive and the index.

It never opens a PDF: documents are read by the worker, in separate processes. Everything that comes from
documents and readers (titles, file names, text, queries) may be hostile: templates escape it, and the
headers set in `site.py` forbid the browser to run anything that is not a file of this site.
"""

import os
from typing import TYPE_CHECKING

from archive.settings import Settings, read

if TYPE_CHECKING:
    from flask import Flask


def create_app(settings: Settings | None = None) -> "Flask":
    """Make the web application for the archive in `settings`, by default those of the environment.

    Raises:
        SettingError: a setting cannot be used.
        DamagedArchive, ServiceUnavailable: the catalogue cannot be opened.
    """
    # Imported here, because loading the site takes long, and the worker and most commands do not need it.
    from search_app.site import make_site

    return make_site(settings if settings is not None else read(os.environ))
