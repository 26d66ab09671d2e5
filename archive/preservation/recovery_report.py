"""What a recovery found and did."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

Source = Literal["bag", "original", "demonstration"]


@dataclass(frozen=True, slots=True)
class Recovered:
    """A document that came back."""

    id: str
    source: Source
    status: str
    """`received`: readers see it when the worker has processed it; `withdrawn`; or `failed`, see `reason`."""
    came_back: tuple[str, ...]
    not_back: tuple[str, ...]
    bag: str = ""
    reason: str = ""

    def as_text(self) -> str:
        """For people: what came back, and what did not."""
        origin = {"bag": f"from {self.bag}", "original": "from its original"}.get(
            self.source, "demonstration"
        )
        back, lost = ", ".join(self.came_back) or "nothing", ", ".join(self.not_back) or "nothing"
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.id}  {self.status:<9}  {origin}; back: {back}; not back: {lost}{reason}"


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What was found and what was done."""

    catalogue: Literal["sound", "missing", "damaged"]
    """The condition in which the catalogue was found."""
    set_aside: str
    """Name under which the damaged catalogue is kept; "" if there was none."""
    documents: tuple[Recovered, ...]
    known: int
    """Documents that the catalogue knew and that were left as they are."""
    strangers: tuple[str, ...]
    """Files among the originals whose names are not those of originals; they were left alone."""

    @property
    def damaged(self) -> list[Recovered]:
        """The documents whose originals are not what their names say."""
        return [one for one in self.documents if one.status == "failed" and one.source != "bag"]

    def as_json(self) -> dict[str, object]:
        """The report for programs."""
        return asdict(self)

    def as_text(self) -> str:
        """For people: a line for each document that came back."""
        return "\n".join(one.as_text() for one in self.documents)

    def remarks(self) -> Iterator[str]:
        """Sentences on what else people should know, and do next."""
        for stranger in self.strangers:
            yield f"{stranger} is not the original of any document; it was left alone."
        found = {"sound": "is sound", "missing": "was missing and is made anew", "damaged": "was damaged"}
        yield f"The catalogue {found[self.catalogue]}."
        if self.set_aside:
            yield f"The damaged one is kept as {self.set_aside}."
        if not self.documents:
            yield "There was nothing to recover: the catalogue knows every original."
            return
        if self.catalogue != "sound":
            yield "Accounts stand in no bag: make them again with `terugblik user add`."
        if any("withdrawal" in one.not_back for one in self.documents):
            yield (
                "Nothing tells any more whether a document without a bag had been withdrawn: look at those "
                "before readers do, and withdraw them again."
            )
        yield "`terugblik serve` or `terugblik work --once` reads and indexes what came back."
