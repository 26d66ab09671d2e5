"""Finds copies of files behind dead links in the Internet Archive.

Its availability service says which copy it has. If `id_` follows the time of the copy in the address, it
sends the copy as it was published, without its own frame and links.
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
    """The addresses of the two services of the Internet Archive."""

    availability: str = "https://archive.org/wayback/available"
    copies: str = "https://web.archive.org/web"

    def copy_of(self, url: str, download: Callable[[str], Download]) -> str | None:
        """The address of the newest copy of what was at `url`; None if there is none, or no answer."""
        try:
            with download(f"{self.availability}?{urlencode({'url': url})}") as answer:
                closest = json.load(answer.file)["archived_snapshots"]["closest"]
                moment = closest["timestamp"]
        except (TerugblikError, ValueError, LookupError, TypeError, RecursionError):
            return None
        if not isinstance(moment, str) or not re.fullmatch(r"\d{4,14}", moment):
            return None
        return f"{self.copies}/{moment}id_/{url}" if closest.get("status", "200") == "200" else None
