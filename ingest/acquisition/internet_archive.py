"""Finds what a dead link once led to, in the Internet Archive.

Its availability service says which copy it holds. With `id_` after the time of the copy, it sends the copy as
it was published, without its own frame and links.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from archive.errors import TerugblikError
from ingest.acquisition.fetch import Download


@dataclass(frozen=True, slots=True)
class InternetArchive:
    """Where to ask and where to fetch."""

    availability: str = "https://archive.org/wayback/available"
    copies: str = "https://web.archive.org/web"

    def copy_of(self, url: str, download: Callable[[str], Download]) -> str | None:
        """The address of the newest copy of what was at `url`; None if there is none or nobody answers."""
        try:
            with download(f"{self.availability}?{urlencode({'url': url})}") as answer:
                closest = json.load(answer.file)["archived_snapshots"]["closest"]
                moment = closest["timestamp"]
        except (TerugblikError, ValueError, LookupError, TypeError, RecursionError):
            return None
        if not isinstance(moment, str) or not re.fullmatch(r"\d{4,14}", moment):
            return None
        return f"{self.copies}/{moment}id_/{url}" if closest.get("status", "200") == "200" else None
