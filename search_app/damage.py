"""Says in the language of the interface that an original is no longer what the archive received."""

from typing import cast, get_args

from flask import Flask
from flask_babel import format_date, gettext, ngettext

from archive.errors import DamagedOriginal
from archive.preservation.check_outcomes import named_in_check
from archive.records import Damage, DamageKind, Document, Event


class NoProof(DamagedOriginal):
    """The original of a document is damaged or missing, so nobody is shown it as a proof."""

    def __init__(self, document: Document, damage: Damage) -> None:
        refusal = gettext("It proves nothing, so it is not shown.")
        super().__init__(
            f"{damage_text(damage)} {refusal}" if damage.kind == "ChecksumMismatch" else damage_text(damage),
            gettext(
                "What was read from it before can still be read on the pages of “%(title)s”. The keepers of "
                "the archive have to put the file back from a backup; ask them for it.",
                title=document.title,
            ),
        )


def damage_text(damage: Damage) -> str:
    """What is wrong with an original, and since when."""
    if damage.since is None:
        found: dict[DamageKind, str] = {
            "FileMissing": gettext("The original file is missing."),
            "ChecksumMismatch": gettext("The original file no longer matches its checksum (SHA-256)."),
            "UnreadableFile": gettext("The original file cannot be read."),
        }
        return found[damage.kind]
    since = format_date(damage.since, "long")
    known: dict[DamageKind, str] = {
        "FileMissing": gettext("Since %(date)s the original file is missing.", date=since),
        "ChecksumMismatch": gettext(
            "Since %(date)s the original file no longer matches its checksum (SHA-256).", date=since
        ),
        "UnreadableFile": gettext("Since %(date)s the original file cannot be read.", date=since),
    }
    return known[damage.kind]


def damage_notice(damage: Damage) -> str:
    """The warning on what was read from a damaged original."""
    return " ".join(
        (
            damage_text(damage),
            gettext(
                "The text and the images here were made from it earlier and can still be read, but nothing "
                "proves them until the file has been put back."
            ),
        )
    )


def check_text(event: Event) -> str:
    """What a check found: of the whole archive, or of one original."""
    if event.document is not None:
        if event.after.get("outcome") != "damaged":
            return str(gettext("The original file is whole."))
        kind = cast(DamageKind, event.after.get("damage"))
        return damage_text(Damage(kind if kind in get_args(DamageKind) else "ChecksumMismatch", None))
    checked, problems = (int(cast(int, event.after.get(name, 0))) for name in ("checked", "problems"))
    told = ngettext("%(num)s original checked", "%(num)s originals checked", checked)
    found = ngettext("%(num)s problem", "%(num)s problems", problems) if problems else gettext("no problems")
    repaired = int(cast(int, event.after.get("repaired", 0)))
    mended = gettext("%(count)s repaired", count=repaired) if repaired else ""
    return ", ".join(part for part in (told, found, mended) if part) + "."


def register(app: Flask) -> None:
    """Offer these words to the templates."""
    app.add_template_filter(check_text)
    app.add_template_filter(named_in_check)
    app.add_template_filter(damage_text)
    app.add_template_filter(damage_notice)
