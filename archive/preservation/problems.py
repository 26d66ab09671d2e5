"""The problems that a check can find: the document concerned, the damage, and what repairs it.

Each says whether truth is damaged, or only something that can be made again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypedDict, get_args

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.records import DamageKind, Document, JobKind

ProblemKind = Literal[
    "FileMissing",
    "ChecksumMismatch",
    "UnreadableFile",
    "UnexpectedFile",
    "DamagedCatalogue",
    "WrongSchema",
    "BrokenReference",
    "BrokenDocument",
    "BrokenPages",
    "MissingHistory",
    "UnprotectedHistory",
    "MissingIndex",
    "OtherVersion",
    "DamagedIndex",
    "MissingInIndex",
    "UnexpectedInIndex",
    "OutdatedInIndex",
    "ImageMissing",
    "ImageDamaged",
    "ImageOutdated",
    "ImageUnrecorded",
    "StudyMissing",
    "StudyDamaged",
    "DamagedWords",
]

_PUT_BACK = (
    "Put the file back from a backup: `terugblik check --repair --from FOLDER` looks for its bytes in a "
    "folder, such as the originals or a bag of a backup."
)
_RESTORE = (
    "Stop Terugblik and restore the catalogue from a backup; without one, `terugblik recover` makes one from "
    "the originals."
)
_MADE_AGAIN = "`terugblik check --repair` makes it again, and a worker does by itself."
"""The repair of everything that is derived from originals and catalogue."""

_REPAIRS: Mapping[ProblemKind, str] = {
    "FileMissing": _PUT_BACK,
    "ChecksumMismatch": _PUT_BACK,
    "UnreadableFile": "Let the account of Terugblik read it; if the disk fails, put it back from a backup.",
    "UnexpectedFile": (
        "If it is an original, add the file again, or let `terugblik recover` take it in; else move it "
        "elsewhere."
    ),
    "DamagedCatalogue": _RESTORE,
    "WrongSchema": "Run `terugblik list` once with this version where the catalogue can be written.",
    "BrokenReference": _RESTORE,
    "BrokenDocument": _RESTORE,
    "BrokenPages": "`terugblik reread DOCUMENT_ID` reads its original again; corrections stay.",
    "MissingHistory": _RESTORE,
    "UnprotectedHistory": _RESTORE,
}

OF_THE_ORIGINAL: tuple[ProblemKind, ...] = get_args(DamageKind)
"""What can be wrong with the original of a document."""


class ProblemJson(TypedDict):
    """A problem, as programs get it."""

    kind: ProblemKind
    document: str | None
    detail: str
    truth: bool
    repair: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be."""

    kind: ProblemKind
    document: str | None
    """The document that it concerns; None where it concerns none, or all."""
    detail: str
    is_leftover: bool = False
    """Whether it is a harmless remainder of an interrupted write."""

    @property
    def is_truth(self) -> bool:
        """Whether truth is damaged: something that cannot be made again from the rest."""
        return self.kind in _REPAIRS and not self.is_leftover

    @property
    def repair(self) -> str:
        """How to repair it, in a sentence."""
        if self.is_leftover:
            return "`terugblik check --repair` removes it when nobody is writing it."
        return _REPAIRS.get(self.kind, _MADE_AGAIN).replace("DOCUMENT_ID", self.document or "DOCUMENT_ID")

    @property
    def identity(self) -> tuple[str, str]:
        """Identifies the problem before and after a repair, although its detail may change."""
        return self.kind, self.document or self.detail

    def as_json(self) -> ProblemJson:
        """``{"kind", "document", "detail", "truth", "repair"}``"""
        return {
            "kind": self.kind,
            "document": self.document,
            "detail": self.detail,
            "truth": self.is_truth,
            "repair": self.repair,
        }


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found."""

    checked: int
    """Originals that were read and hashed."""
    problems: tuple[Problem, ...]
    whole: frozenset[str] = field(default_factory=frozenset)
    """The documents whose originals were found whole."""

    @property
    def ok(self) -> bool:
        """Whether everything is as it should be."""
        return not self.problems

    @property
    def is_catalogue_usable(self) -> bool:
        """Whether the catalogue could be read from its beginning to its end."""
        return not any(problem.kind in ("DamagedCatalogue", "WrongSchema") for problem in self.problems)

    def with_problems(self, others: Iterable[Problem]) -> "CheckReport":
        """This report and what else was found."""
        return CheckReport(self.checked, (*self.problems, *others), self.whole)

    def as_json(self) -> dict[str, object]:
        """``{"ok", "checked", "problems": [{"kind", "document", "detail", "truth", "repair"}]}``"""
        problems = [problem.as_json() for problem in self.problems]
        return {"ok": self.ok, "checked": self.checked, "problems": problems}


class DerivedCondition(Protocol):
    """The condition of something that is derived from a document."""

    def problems(self) -> Sequence[tuple[ProblemKind, str]]:
        """What is wrong, in words."""


def problems_of_documents(
    catalogue: Catalogue,
    faulty: Callable[[Sequence[Document]], Iterable[tuple[Document, DerivedCondition]]],
) -> Iterator[Problem]:
    """The problems of something that is derived from documents; documents in work are left out.

    Args:
        faulty: gives those of the documents for which it is not sound.
    """
    queue, kinds = Queue(catalogue), get_args(JobKind)
    documents = catalogue.documents()
    for _look_again in range(2):  # a document is ready a moment before the job is queued that draws its pages
        underway = queue.changing(kinds)
        found = list(faulty(documents))
        underway |= queue.changing(kinds)
        found = [(document, condition) for document, condition in found if document.id not in underway]
        documents = [document for document, _condition in found]
    for document, condition in found:
        for kind, detail in condition.problems():
            yield Problem(kind, document.id, detail)


def as_text(report: CheckReport) -> str:
    """For people: truth first, then what can be made again; the last line says what to do next."""
    parts = []
    for heading, is_truth in (
        ("What cannot be made again:", True),
        ("What can be made again:", False),
    ):
        found = [problem for problem in report.problems if problem.is_truth == is_truth]
        if found:
            lines = [
                f"  {one.kind}: {one.document or '-'}: {one.detail}\n      {one.repair}" for one in found
            ]
            parts.append("\n".join([heading, *lines]))
    parts.append(f"{report.checked} files checked, {len(report.problems)} problems.\n{_next_step(report)}")
    return "\n".join(parts)


def _next_step(report: CheckReport) -> str:
    hurt = [problem for problem in report.problems if problem.is_truth]
    if report.ok:
        return "All is well. Run this again regularly, such as once a week."
    if any(problem.kind == "DamagedCatalogue" for problem in hurt):
        return f"Next: {_RESTORE} Then run `terugblik check` again."
    if hurt:
        return f"Next, for {hurt[0].kind}: {hurt[0].repair} Then run `terugblik check` again."
    return "Next: run `terugblik check --repair`; nothing is lost."
