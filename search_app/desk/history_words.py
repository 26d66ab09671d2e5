"""The history in words: what happened, and which fields of a document changed."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from flask import Flask
from flask_babel import format_date, format_decimal, gettext

from archive.dates import DateFinding, findings_from_json
from archive.languages import LANGUAGES
from archive.records import KINDS, Event, OcrInstruction, Status
from search_app.desk.page_correction import instruction_name
from search_app.document.warning_words import event_warning_texts
from search_app.library import current_library
from search_app.web.display_names import file_size, kind_name, language_name
from search_app.web.interface_language import interface_language

_LONGEST = 300
"""Most characters of a value that are shown."""

_SHOWN_OTHERWISE = ("page", "passages", "outcome")
"""Fields of events that the page shows by a link, by a comparison and by warnings."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that an event changed, in words."""

    label: str
    before: tuple[str, ...] | None
    """The values before; None if the event has none. A field without a value has a dash."""
    after: tuple[str, ...]


def status_name(status: Status) -> str:
    """How far a document is, in words."""
    names: dict[Status, str] = {
        "received": gettext("received"),
        "processing": gettext("being read"),
        "ready": gettext("ready"),
        "failed": gettext("failed"),
        "withdrawn": gettext("withdrawn"),
    }
    return names[status]


def event_name(event: str) -> str:
    """What happened, in words; events of a later version are called by their own name."""
    names: dict[str, str] = {
        "ingestion": gettext("added to the archive"),
        "dating": gettext("dates searched"),
        "processing": gettext("reading began"),
        "extraction": gettext("text read"),
        "publication": gettext("shown to readers"),
        "failure": gettext("could not be read"),
        "rendering": gettext("page images made"),
        "metadata modification": gettext("described"),
        "withdrawal": gettext("withdrawn"),
        "restoration": gettext("restored"),
        "fixity check": gettext("originals checked"),
        "correction": gettext("text of a page corrected"),
        "correction withdrawal": gettext("correction of a page withdrawn"),
        "ocr instruction": gettext("decided on OCR of a page"),
        "recovery": gettext("restored after a loss"),
        "account creation": gettext("account created"),
        "password change": gettext("password changed"),
        "account removal": gettext("account removed"),
    }
    return names.get(event, event)


def agent_name(agent: str) -> str:
    """Who did it, in words: a part of the program, or a person, who is called by name."""
    names: dict[str, str] = {
        "worker": gettext("automatic processing"),
        "worker with OCR": gettext("automatic processing with OCR"),
        "command line": gettext("command line"),
        "reindex": gettext("rebuilding of the index"),
    }
    return names.get(agent, agent)


def field_changes(event: Event) -> list[FieldChange]:
    """The fields that an event changed; those of a later version are called by their own names."""
    labels = _labels()
    return [
        FieldChange(
            labels.get(name, name),
            _value_lines(name, event.before[name]) if name in event.before else None,
            _value_lines(name, value),
        )
        for name, value in event.after.items()
        if name not in _SHOWN_OTHERWISE
    ]


def _labels() -> Mapping[str, str]:
    return {
        "title": gettext("Title"),
        "title_found": gettext("Title found in the text"),
        "year": gettext("Year"),
        "date": gettext("Date"),
        "dates_told": gettext("Dates found where the document was listed"),
        "dates_found": gettext("Dates found in the text"),
        "plan": gettext("Plan"),
        "kind": gettext("Document type"),
        "language": gettext("Language"),
        "languages": gettext("Languages"),
        "status": gettext("Status"),
        "reason": gettext("Reason"),
        "warnings": gettext("Warnings"),
        "pages": gettext("Pages"),
        "ocr_pages": gettext("Pages read by OCR"),
        "pages_needing_ocr": gettext("Pages that need OCR"),
        "images": gettext("Page images"),
        "drawn_again": gettext("Images made again of pages"),
        "sha256": "SHA-256",
        "size": gettext("Size"),
        "filename": gettext("File name"),
        "source_url": gettext("Source"),
        "retrieved_url": gettext("Retrieved from"),
        "retrieved_at": gettext("Retrieved on"),
        "http_headers": gettext("HTTP headers"),
        "instruction": gettext("OCR"),
        "source": gettext("Restored from"),
        "came_back": gettext("Came back"),
        "not_back": gettext("Did not come back"),
    }


def _value_lines(name: str, value: object) -> tuple[str, ...]:
    """The values of a field, as lines."""
    if value in (None, "", []) and name != "instruction":
        return ("–",)
    if name == "warnings" and isinstance(value, list):
        return tuple(
            gettext("%(label)s: %(value)s", label=one.where, value=one.text) if one.where else one.text
            for one in event_warning_texts(value)
        )
    if name in ("dates_found", "dates_told") and isinstance(value, list):
        with suppress(TypeError):  # a finding of a later version has other fields, and is shown as it is
            return tuple(map(_finding_line, findings_from_json(value)))
    if isinstance(value, dict):
        return tuple(_shortened(f"{key}: {each}") for key, each in value.items())
    write = _WRITERS.get(name, str)
    return (_shortened(", ".join(map(write, value)) if isinstance(value, list) else write(value)),)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"


def _finding_line(finding: DateFinding) -> str:
    words = finding.words if len(finding.words) <= 80 else f"{finding.words[:80].rstrip()}…"
    if finding.page is None:
        return str(gettext("%(date)s (“%(words)s”)", date=finding.date, words=words))
    return str(
        gettext("%(date)s (“%(words)s”, page %(page)s)", date=finding.date, words=words, page=finding.page)
    )


def _status(value: object) -> str:
    return status_name(value) if value in get_args(Status) else str(value)  # type: ignore[arg-type]


def _kind(value: object) -> str:
    return kind_name(value) if value in KINDS else str(value)


def _language(value: object) -> str:
    return language_name(value) if value in LANGUAGES else str(value)


def _plan(value: object) -> str:
    titles = {plan.slug: plan.titles[interface_language()] for plan in current_library().catalogue.plans()}
    return titles.get(str(value), str(value))


def _number(value: object) -> str:
    return str(format_decimal(value)) if isinstance(value, int) else str(value)


def _size(value: object) -> str:
    return file_size(value) if isinstance(value, int) else str(value)


def _day(value: object) -> str:
    try:
        return str(format_date(datetime.fromisoformat(str(value)), "long"))
    except ValueError:
        return str(value)


def _images(value: object) -> str:
    return str(gettext("made") if value else gettext("not made yet"))


def _pages(value: object) -> str:
    """Page numbers as the worker lists them: "3–5, 7 and 9"."""
    return str(value).replace(" and ", f" {gettext('and')} ")


def _instruction(value: object) -> str:
    if value is None or value in get_args(OcrInstruction):
        return str(instruction_name(value))  # type: ignore[arg-type]
    return str(value)


def _origin(value: object) -> str:
    names: dict[str, str] = {
        "bag": gettext("an exported bag"),
        "original": gettext("its original"),
        "demonstration": gettext("the demonstration collection"),
    }
    return names.get(str(value), str(value))


_WRITERS: Mapping[str, Callable[[object], str]] = {
    "plan": _plan,
    "kind": _kind,
    "language": _language,
    "languages": _language,
    "status": _status,
    "pages": _number,
    "ocr_pages": _number,
    "pages_needing_ocr": _number,
    "images": _images,
    "drawn_again": _pages,
    "size": _size,
    "retrieved_at": _day,
    "instruction": _instruction,
    "source": _origin,
}
"""How the values of a field are written; others are written as they are."""


def register(app: Flask) -> None:
    """Make these functions available to the templates as filters."""
    for name in (status_name, event_name, agent_name, field_changes):
        app.add_template_filter(name)
