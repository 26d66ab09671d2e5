"""The reading room: pages for people, JSON for programs. It reads the archive and the index.

It never opens a PDF: documents are read by the worker, in processes that may die. What comes from
documents and readers (titles, file names, text, queries) is hostile input here: templates escape it,
and the headers set in `site.py` forbid the browser to run anything that is not a file of ours.
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
    # Not above: the worker and most verbs need no site, which takes longer to load than all that they need.
    from search_app.site import make_site

    return make_site(settings if settings is not None else read(os.environ))
