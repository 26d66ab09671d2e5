"""Takes in all documents that a web page lists, each with its year, title, plan, language and source."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from archive.dates import DateFinding, year_of
from archive.errors import TerugblikError
from archive.records import Description, Document, Kind
from ingest.acquisition.intake import Acceptance, Intake
from ingest.acquisition.internet_archive import InternetArchive
from ingest.acquisition.links import Link
from ingest.acquisition.listing_page import ListingEntry, page_address, read_listing
from ingest.description.written_dates import written_dates
from ingest.errors import DeadLink, NotAPdf, NothingListed, Unreachable, Unreadable

LARGEST_PAGE = 5 * 1024 * 1024
"""Bytes of a page that lists documents; its PDFs may be larger."""

_DEAD = (DeadLink, Unreachable, NotAPdf)
"""What a link gives when its document is gone: a clear no, no answer, or a page that says so."""


@dataclass(frozen=True, slots=True)
class Harvested:
    """One document that a page lists, and what became of it."""

    listing: ListingEntry
    link: Link
    description: Description
    """As it is given to the archive."""
    acceptance: Acceptance | None
    """None on a dry run."""

    def as_json(self) -> dict[str, object]:
        """What the page says of it."""
        return {
            "status": "listed",
            "url": self.link.url,
            "about": self.listing.description,
            "other_links": self._other_links(),
            **asdict(self.description),
            "language": self.link.language,
        }

    def as_text(self) -> str:
        """What the page says of it, for people."""
        known = self.description
        about = f"{known.year}  {known.title}  [{known.plan or 'no known plan'}, {self.link.language or '?'}]"
        others = [f"see also {other}" for other in self._other_links()]
        lines = [line for line in (self.link.url, self.listing.description, *others) if line]
        return "\n".join([about, *(f"      {line}" for line in lines)])

    def _other_links(self) -> list[str]:
        return [link.url for link in self.listing.links]


def harvest(
    source: str,
    intake: Intake,
    *,
    source_page: str,
    dry_run: bool = False,
    internet_archive: InternetArchive | None = None,
) -> Iterator[Harvested]:
    """Read the page at an address or in a saved HTML file, and take in what it lists, one document at a time.

    The links of a saved page that does not tell its address are those of `source_page`. A dead link is
    looked for in the Internet Archive; one that stays dead is a result like others.

    Raises:
        NothingListed: the page has no entries.
        Unreadable, and what :func:`ingest.acquisition.fetch.fetch` raises: the page itself cannot be read.
    """
    rescuer = internet_archive or InternetArchive()
    html, address = _read_page(source, intake, source_page, rescuer)
    listings = read_listing(html, address, intake.catalogue.plans())
    if not listings:
        raise NothingListed(f"No entry with a year and a link to a document was found on {source}.")
    return _take_in(listings, intake, rescuer, dry_run)


def _take_in(
    listings: list[ListingEntry], intake: Intake, rescuer: InternetArchive, dry_run: bool
) -> Iterator[Harvested]:
    for listing in listings:
        for link in listing.documents:
            description = _describe(listing, link)
            acceptance = None if dry_run else _accept(link.url, description, intake, rescuer)
            yield Harvested(listing, link, description, acceptance)


def _describe(listing: ListingEntry, link: Link) -> Description:
    kind: Kind | None = None
    if listing.plan is not None:
        kind = "update" if listing.plan.endswith("-update") else "plan"
    # A page in Dutch may link to a French PDF: the text itself tells its language when it is read.
    evidence = DateFinding(
        str(listing.year), "listing", f"{listing.year} {listing.title}", None, is_certain=True
    )
    in_link = [
        DateFinding(date.date, "listing", link.text)
        for date in written_dates(link.text)
        if year_of(date.date) == listing.year
    ]
    return Description(listing.title or None, listing.year, listing.plan, kind, dates=(evidence, *in_link))


def _accept(url: str, description: Description, intake: Intake, rescuer: InternetArchive) -> Acceptance:
    try:
        document, is_new = _keep(url, description, intake, rescuer)
    except TerugblikError as error:
        return Acceptance(url, None, False, error)
    return Acceptance(url, document.id, is_new)


def _keep(
    url: str, description: Description, intake: Intake, rescuer: InternetArchive
) -> tuple[Document, bool]:
    try:
        with intake.download(url) as download:
            return intake.keep_download(download, description)
    except _DEAD as error:
        copy = rescuer.copy_of(url, intake.download)
        if copy is None:
            raise type(error)(
                f"{error.message} The Internet Archive gives no copy either.", error.hint
            ) from error
        with intake.download(copy) as download:
            return intake.keep_download(download, description, source_url=url)


def _read_page(source: str, intake: Intake, source_page: str, rescuer: InternetArchive) -> tuple[bytes, str]:
    """The page's bytes and the address that its links start from."""
    page_intake = replace(intake, max_size=LARGEST_PAGE)
    if "://" not in source:
        html = _read_file(Path(source))
        return html, page_address(html) or source_page
    try:
        with page_intake.download(source) as download:
            return download.file.read(), download.final_url
    except (DeadLink, Unreachable):
        copy = rescuer.copy_of(source, page_intake.download)
        if copy is None:
            raise
        with page_intake.download(copy) as download:
            return download.file.read(), source


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            html = file.read(LARGEST_PAGE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unreadable(f"The page cannot be read: {reason}.") from error
    if len(html) > LARGEST_PAGE:
        raise Unreadable("The file is too large to be a page that lists documents.")
    return html
