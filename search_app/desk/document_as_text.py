"""A document and its history for people at a command line, in English."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from babel import Locale

from archive.dates import DateFinding
from archive.languages import Language
from archive.records import Damage, Document, Event, Plan
from search_app.desk.history_words import agent_name, event_name, status_name
from search_app.web.addresses import document_path, original_path
from search_app.web.display_names import file_size, kind_name

_WIDTH = 20
"""Characters of the column of labels."""


def as_text(
    document: Document, plan: Plan | None, damage: Damage | None, events: Iterable[Event], base_url: str
) -> str:
    """What is known of a document, a field a line, and what happened to it, newest first.

    Args:
        plan: the plan that it belongs to; None also if the list of plans lacks it.
        damage: what is wrong with its original.
    """
    fields = (
        f"{label:<{_WIDTH}}{value}" for label, value in _fields(document, plan, damage, base_url) if value
    )
    history = (
        f"  {_moment(event.at)}  {event_name(event.type)} ({agent_name(event.agent)})" for event in events
    )
    return "\n".join((document.title, "", *fields, "", "History", *history))


def _fields(
    document: Document, plan: Plan | None, damage: Damage | None, base_url: str
) -> Iterator[tuple[str, str]]:
    """The labels and values; without a value a field is left out."""
    yield "Identifier", document.id
    yield "Status", status_name(document.status)
    yield "Reason", document.reason
    yield "Date", _dated(document.date, document.date_evidence)
    yield "Plan", f"{plan.titles['en']} ({plan.slug})" if plan else document.plan or "none"
    yield "Document type", kind_name(document.kind)
    yield "Language", _language(document.language) if document.language else "unknown"
    yield "Languages", ", ".join(map(_language, document.languages))
    yield "Pages", str(document.pages)
    yield "Pages read by OCR", str(document.ocr_pages)
    yield "Pages that need OCR", str(document.pages_needing_ocr)
    for number, warning in enumerate(document.warnings):
        yield "" if number else "Warnings", warning.sentence
    yield "Demonstration", "a demonstration text, not the official document" * document.is_demonstration
    yield "File name", document.filename
    yield "Size", file_size(document.size)
    yield "SHA-256", document.sha256
    yield "Original", _damage(damage) if damage else "no damage known"
    yield "Received", _moment(document.received_at)
    yield "Source", document.provenance.source_url or ""
    yield "Retrieved from", document.provenance.retrieved_url or ""
    yield "Address", base_url + document_path(document.id, document.language)
    yield "Original file", base_url + original_path(document.id)


def _dated(date: str | None, evidence: DateFinding | None) -> str:
    if date is None or evidence is None:
        return date or "unknown"
    place = f", page {evidence.page}" if evidence.page else ""
    return f"{date} ({evidence.source}{place}: “{evidence.words}”)"


def _damage(damage: Damage) -> str:
    since = f", found on {_moment(damage.since)}" if damage.since else ""
    return f"damaged: {damage.kind}{since}"


def _language(language: Language) -> str:
    return f"{Locale.parse(language).get_language_name('en')} ({language})"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
