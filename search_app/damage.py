"""Says in the language of the interface that an original is no longer what the archive received."""

from typing import cast, get_args

from flask import Flask
from flask_babel import format_date, gettext, ngettext

from archive.errors import DamagedOriginal
from archive.preservation.check_outcomes import named_in_check
from archive.records import Damage, DamageKind, Document, Event


class NoProof(DamagedOriginal):
    """The original of a document is damaged or missing, so it is not shown."""

    def __init__(self, document: Document, damage: Damage) -> None:
        refusal = gettext("It is no longer reliable evidence, so it is not shown.")
        super().__init__(
            f"{damage_text(damage)} {refusal}" if damage.kind == "ChecksumMismatch" else damage_text(damage),
            gettext(
                "The text read from it earlier is still available on the pages of “%(title)s”. The "
                "administrators have to restore the file from a backup; please ask them.",
                title=document.title,
            ),
        )


def damage_text(damage: Damage) -> str:
    """What is wrong with an original, and when it was found."""
    if damage.since is None:
        found: dict[DamageKind, str] = {
            "FileMissing": gettext("The original file is missing."),
            "ChecksumMismatch": gettext("The original file no longer matches its checksum (SHA-256)."),
            "UnreadableFile": gettext("The original file cannot be read."),
        }
        return found[damage.kind]
    since = format_date(damage.since, "long")
    known: dict[DamageKind, str] = {
        "FileMissing": gettext("The original file is missing. This was found on %(date)s.", date=since),
        "ChecksumMismatch": gettext(
            "The original file no longer matches its checksum (SHA-256). This was found on %(date)s.",
            date=since,
        ),
        "UnreadableFile": gettext(
            "The original file cannot be read. This was found on %(date)s.", date=since
        ),
    }
    return known[damage.kind]


def damage_notice(damage: Damage) -> str:
    """The warning on what was read from a damaged original."""
    return " ".join(
        (
            damage_text(damage),
            gettext(
                "The text and the images here were made from it earlier and can still be read, but they "
                "cannot be verified until the file has been restored."
            ),
        )
    )


def check_text(event: Event) -> str:
    """What a check found: of the whole archive, or of one original."""
    if event.document is not None:
        if event.after.get("outcome") != "damaged":
            return str(gettext("The original file is intact."))
        kind = cast(DamageKind, event.after.get("damage"))
        return damage_text(Damage(kind if kind in get_args(DamageKind) else "ChecksumMismatch", None))
    checked, problems = (int(cast(int, event.after.get(name, 0))) for name in ("checked", "problems"))
    checked_text = ngettext("%(num)s original checked", "%(num)s originals checked", checked)
    problems_text = (
        ngettext("%(num)s problem", "%(num)s problems", problems) if problems else gettext("no problems")
    )
    repaired = int(cast(int, event.after.get("repaired", 0)))
    repaired_text = gettext("%(count)s repaired", count=repaired) if repaired else ""
    return ", ".join(part for part in (checked_text, problems_text, repaired_text) if part) + "."


def register(app: Flask) -> None:
    """Offer these words to the templates."""
    app.add_template_filter(check_text)
    app.add_template_filter(named_in_check)
    app.add_template_filter(damage_text)
    app.add_template_filter(damage_notice)
