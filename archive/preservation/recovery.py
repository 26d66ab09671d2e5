"""Recovery: brings documents back from their originals, and from bags if some are given.

If the catalogue is lost or damaged, a new one is made beside it and replaces it when complete. If it is
sound, only originals that it does not know are taken in. If recovery is killed, nothing has changed; if it is
run twice, the second run does nothing.
"""

import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, insert, make_url, select, update

from archive import demonstration
from archive.catalogue.correction_rows import correction_values, put_instruction
from archive.catalogue.document_rows import UNREAD
from archive.catalogue.event_rows import write_event
from archive.catalogue.job_rows import put_job
from archive.catalogue.page_rows import replace_pages
from archive.catalogue.worker_lock import WorkerLock
from archive.database import tables
from archive.database.database import Database
from archive.database.sqlite_file import path_of
from archive.errors import DamagedArchive, ReadOnlyArchive, ServiceUnavailable
from archive.files.durable_files import synchronise
from archive.originals import Originals
from archive.preservation.bagit_import import DocumentBag, find_bags
from archive.preservation.lost_catalogue import (
    look_at_catalogue,
    name_aside,
    put_in_place,
    withdrawn_documents,
)
from archive.preservation.recovery_report import Recovered, RecoveryReport, Source
from archive.records import DamageKind, Event

_NAME = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})\.pdf")
_MAKING = "recovering-"


@dataclass(frozen=True, slots=True)
class _Found:
    """An original in the folder."""

    sha256: str
    """The checksum in its name."""
    size: int
    stored_at: datetime
    damage: str = ""
    damage_kind: DamageKind | None = None


@dataclass
class _Plan:
    """What will be put into the catalogue."""

    originals: Mapping[str, _Found]
    """By identifier."""
    bags: Mapping[str, DocumentBag]
    withdrawn: Mapping[str, str]
    agent: str
    set_aside: str
    done: list[Recovered] = field(default_factory=list)

    def fill(self, connection: Connection) -> None:
        """Put everything into the catalogue, in the transaction of `connection`."""
        shown = {_sha256(one.path): one for one in demonstration.collection()}
        events: list[Event] = []
        for identifier, found in sorted(self.originals.items()):
            if identifier in self.bags:
                self.done.append(_from_bag(connection, self.bags[identifier]))
                events += self.bags[identifier].events
            else:
                self.done.append(self._from_original(connection, identifier, found, shown.get(found.sha256)))
        _put_events(connection, events)
        for one in self.done:
            after = {"source": one.source, "came_back": one.came_back, "not_back": one.not_back}
            write_event(connection, one.id, "recovery", self.agent, {}, after)
        outcome = {"documents": len(self.done), "bags": len(self.bags), "set_aside": self.set_aside}
        write_event(connection, None, "recovery", self.agent, {}, outcome)

    def _from_original(
        self,
        connection: Connection,
        identifier: str,
        found: _Found,
        shown: demonstration.DemonstrationDocument | None,
    ) -> Recovered:
        status, reason = "received", ""
        if found.damage:
            status, reason = "failed", found.damage
        elif identifier in self.withdrawn:
            status, reason = "withdrawn", self.withdrawn[identifier]
        row: dict[str, Any] = {
            **UNREAD,
            "id": identifier,
            "sha256": found.sha256,
            "size": found.size,
            "filename": f"{identifier}.pdf",
            "is_demonstration": shown is not None,
            "received_at": found.stored_at,
            "http_headers": {},
            "status": status,
            "reason": reason,
            "damage": found.damage_kind,
            "damaged_since": datetime.now(UTC) if found.damage else None,
        }
        if shown is not None:
            description = shown.description
            row |= {
                "title": description.title,
                "plan": description.plan,
                "kind": description.kind,
                "language": description.language,
            }
            row |= {
                "year": description.year,
                "date": description.date or (str(description.year) if description.year else None),
            }
            row["filename"] = shown.path.name
        connection.execute(insert(tables.documents).values(**row))
        if status == "received":
            put_job(connection, identifier, "ingest")
        elif status == "withdrawn":
            put_job(connection, identifier, "remove")
        back = ["original"] if not found.damage else []
        back += ["description"] if shown is not None else []
        back += ["withdrawal"] if status == "withdrawn" else []
        lost = [name for name in ("description", "corrections", "history", "withdrawal") if name not in back]
        source: Source = "original" if shown is None else "demonstration"
        return Recovered(identifier, source, status, tuple(back), tuple(lost), reason=reason)


def recover(
    address: str,
    data: Path,
    folders: Sequence[Path],
    agent: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> RecoveryReport:
    """Bring documents back into the catalogue at `address` from the originals in `data` and the bags in
    `folders`. `progress` gets the number of originals read and of all originals.

    Raises:
        BadBag: a bag is not whole; nothing was changed.
        DamagedArchive: there is nothing to recover from.
        UsageError, CatalogueTooNew: the database is another program's, or a newer version's.
        ReadOnlyArchive: the folder may not be written.
        ServiceUnavailable: a worker is at work, or the disk cannot be written.
    """
    if not data.is_dir():
        raise DamagedArchive(f"There is no folder {data}.", "Check TERUGBLIK_DATA.")
    if not os.access(data, os.W_OK):
        raise ReadOnlyArchive(f"The archive in {data} is read-only.")
    try:
        with WorkerLock(data):
            return _recover(address, data, folders, agent, progress)
    except OSError as error:
        raise ServiceUnavailable(
            f"The system does not let this be done: {error}.",
            "Check that the folder of the archive can be written and that the disk has room.",
        ) from error


def _recover(
    address: str, data: Path, folders: Sequence[Path], agent: str, progress: Callable[[int, int], None]
) -> RecoveryReport:
    condition = look_at_catalogue(address)
    bags = {bag.row["id"]: bag for bag in find_bags(folders)}
    url = make_url(address)
    path = path_of(url) if url.get_backend_name() == "sqlite" else None
    known = _known(address) if condition.kind == "sound" else frozenset()
    bags = {identifier: bag for identifier, bag in bags.items() if identifier not in known}
    found, strangers = _look_through(data / "originals", known, progress)
    for identifier, bag in bags.items():
        if identifier not in found or found[identifier].damage:
            found[identifier] = _put_original_back(data, bag, found.get(identifier))
    if condition.kind != "sound" and not found:
        raise DamagedArchive(
            f"There are no originals in {data / 'originals'} to recover from.",
            "Check TERUGBLIK_DATA; give the folders of bags, or put the backup back.",
        )
    withdrawn = withdrawn_documents(path) if path is not None and condition.kind == "damaged" else {}
    aside = name_aside(path) if path is not None else None
    set_aside = str(aside) if condition.kind == "damaged" and aside is not None else ""
    plan = _Plan(found, bags, withdrawn, agent, set_aside)
    if condition.kind == "sound":
        if found:
            _fill_known(address, plan)
    elif path is not None and aside is not None:
        _make_anew(path, plan, aside)
    else:
        Database.open(address, fill=plan.fill).close()
    return RecoveryReport(condition.kind, set_aside, tuple(plan.done), len(known), tuple(strangers))


def _known(address: str) -> frozenset[str]:
    database = Database.open(address)
    try:
        with database.reading() as connection:
            return frozenset(connection.execute(select(tables.documents.c.id)).scalars())
    finally:
        database.close()


def _look_through(
    folder: Path, known: frozenset[str], progress: Callable[[int, int], None]
) -> tuple[dict[str, _Found], list[str]]:
    """The originals that belong to no known document, read and hashed, by identifier; and the other files."""
    found: dict[str, _Found] = {}
    strangers, places = [], []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        match = _NAME.fullmatch(path.relative_to(folder).as_posix())
        if match is not None and match[2][:16] not in known:
            places.append((match[2], path))
        elif match is None and not path.match("incoming-*.part"):
            strangers.append(str(path))
    for done, (sha256, path) in enumerate(places, 1):
        found[sha256[:16]] = _examine(sha256, path)
        progress(done, len(places))
    return found, strangers


def _examine(sha256: str, path: Path) -> _Found:
    file_status = path.stat()
    stored_at = datetime.fromtimestamp(file_status.st_mtime, UTC)
    try:
        actual = _sha256(path)
    except OSError as error:
        damage = f"The original cannot be read: {error.strerror or error}."
        return _Found(sha256, file_status.st_size, stored_at, damage, "UnreadableFile")
    if actual != sha256:
        damage = "The original has been changed on disk; put it back from a backup."
        return _Found(sha256, file_status.st_size, stored_at, damage, "ChecksumMismatch")
    return _Found(sha256, file_status.st_size, stored_at)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put_original_back(data: Path, bag: DocumentBag, damaged: _Found | None) -> _Found:
    """Store the original of a bag; a damaged one in its place is renamed and kept."""
    originals = Originals(data / "originals")
    if damaged is not None:
        aside = data / "set-aside"
        aside.mkdir(exist_ok=True)
        name = f"{damaged.sha256}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.pdf"
        os.replace(originals.path(damaged.sha256), aside / name)
    with bag.original.open("rb") as original:
        stored = originals.store(original)
    return _Found(stored.sha256, stored.size, bag.row["received_at"])


def _make_anew(path: Path, plan: _Plan, aside: Path) -> None:
    for leftover in path.parent.glob(f"{_MAKING}*"):
        shutil.rmtree(leftover)
    folder = Path(tempfile.mkdtemp(prefix=_MAKING, dir=path.parent))
    try:
        made = folder / path.name
        Database.open(f"sqlite:///{quote(str(made))}", fill=plan.fill).close()
        _settle(made)
        put_in_place(made, path, aside)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settle(made: Path) -> None:
    """Write everything to the database file itself, and to disk."""
    connection = sqlite3.connect(made)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    synchronise(made)


def _fill_known(address: str, plan: _Plan) -> None:
    database = Database.open(address)
    try:
        with database.writing() as connection:
            plan.fill(connection)
    finally:
        database.close()


def _from_bag(connection: Connection, bag: DocumentBag) -> Recovered:
    identifier: str = bag.row["id"]
    status = bag.row["status"] if bag.row["status"] in ("withdrawn", "failed") else "received"
    unread = {
        name: UNREAD[name] for name in ("pages", "ocr_pages", "pages_needing_ocr", "languages", "images")
    }
    connection.execute(insert(tables.documents).values(**{**bag.row, **unread, "status": status}))
    for correction in bag.corrections:
        values = {
            **correction_values(correction),
            "document": identifier,
            "source": "text layer",
            "needs_ocr": False,
        }
        connection.execute(insert(tables.corrections).values(**values))
    for page, instruction in bag.instructions.items():
        put_instruction(connection, identifier, page, instruction)
    if bag.has_text:
        tally = asdict(replace_pages(connection, identifier, bag.pages_as_read()))
        table = tables.documents
        connection.execute(update(table).where(table.c.id == identifier).values(**tally))
    if status != "failed":
        put_job(connection, identifier, "remove" if status == "withdrawn" else "ingest")
    back = ("original", "description", "corrections", "history", "withdrawal")
    texts = (("text",), ()) if bag.has_text else ((), ("text",))
    folder = str(bag.folder.absolute())
    return Recovered(identifier, "bag", status, back + texts[0], texts[1], folder, bag.row["reason"])


def _put_events(connection: Connection, events: Iterable[Event]) -> None:
    """Put the history of all documents back in the order in which it happened."""
    rows = [
        {"document": one.document, "type": one.type, "agent": one.agent, "at": one.at}
        | {"before": one.before, "after": one.after}
        for one in sorted(events, key=lambda one: (one.at, one.id))
    ]
    if rows:
        connection.execute(insert(tables.events), rows)
