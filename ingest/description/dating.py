"""Finds the date of a document in its title, file name and first pages, with the evidence for it.

A year goes into citations and trends, so a wrong one is worse than none. Only a date in the title, in the
file name or on a line of its own on the cover is accepted at once. A sentence that says when the document was
made is proposed to an archivist. Dates of cited laws, earlier meetings and deadlines are not the document's,
and a future year, as in "Plan 2030", is its subject.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import PurePath

from archive.catalogue.catalogue import Catalogue
from archive.dates import DateFinding, DateSource, iso_date, year_of
from archive.records import Block, Document, Page, Plan
from ingest.description.plan_names import plan_in, without_years_of
from ingest.description.written_dates import WrittenDate, folded, lone_years, written_dates

FIRST_PAGES = 3
_COVER_WORDS = 80
"""Most words of a page that is a cover; after a cover the next page is searched, too."""
_TOP_WORDS = 60
"""Most words above a heading that may belong to the title."""
_LINE_WORDS, _HEADING_WORDS, _YEAR_WORDS, _SENTENCE_WORDS = 8, 30, 6, 60
"""Most words of a line that is a date, a heading with a date, a heading with a year, and a block whose
sentence says when the document was made."""
_SHORT_WORDS = 5
"""Most words of a line that ends in a full stop but is no sentence, such as "Brussel, 24 april 2014."."""

_ACT = (
    r"\b(?:loi|decret|ordonnance|arrete|directive|reglement|circulaire|code|deliberation|decision|avis|accord"
    r"|convention|traite|arret|jugement|wet|decreet|ordonnantie|besluit|richtlijn|verordening|omzendbrief|wetboek"
    r"|akkoord|overeenkomst|verdrag|arrest|advies|[km]\.?b\.?|law|act|decree|ordinance|order|regulation|circular"
    r"|agreement|treaty|recommendation|decision|gesetz|verordnung|richtlinie|beschluss|erlass)(?:e?s|en)?\b"
)
_CITED = re.compile(rf"{_ACT}[^.;:]{{0,70}}$")
_OPENS_WITH_ACT = re.compile(
    r"\W*(?:(?:de|het|le|la|l|the|projet de|ontwerp van|avant-projet de|voorontwerp van)\W+)?" + _ACT
)
_OF_ANOTHER = re.compile(
    r"\b(?:approbation|approuver|goedkeuring|goedkeuren|approval|vorige?|precedente?s?|previous|letzten"
    r"|deadline|inwerkingtreding|in werking|entree en vigueur|ingangsdatum|geldig|valable|valid"
    r"|gewijzigd\w*|modifie\w*|amended|copyright)\b|©"
)
"""Words before a date that is not the document's own."""
_LIMIT = re.compile(
    r"\b(?:tot|uiterlijk|vanaf|sinds|tegen|avant|jusqu\w*|a partir|depuis|des|until|before|from|since|by|bis"
    r"|ab)\W+(?:\w+\W+){0,2}$"
)
"""Words directly before a date that is a deadline or the beginning of something."""
_AIM = re.compile(
    r"\b(?:horizon|visie|vision|vers|richting|naar|towards|tegen|d.ici|by|strategie|strategy|agenda|doelstelling\w*"
    r"|objectifs?|targets?|europe|europa)\W*(?:en |in |l.an )?$"
)
"""Words directly before a year for which aims are set, as in "Vision 2030"."""
_MADE = re.compile(
    r"\b(?:vastgesteld|goedgekeurd|aangenomen|gedaan te|opgemaakt|uitgave|uitgegeven|gepubliceerd"
    r"|publicatie\w*|published|publication|publie\w*|paru|parution|edition|editie|adopte\w*|approuve\w*"
    r"|fait a|etabli\w*|done at|adopted|approved|issued|updated|mise? a jour|bijgewerkt|version du|versie van"
    r"|stand|herausgegeben|veroffentlicht|beschlossen|datum|date|imprime\w*|gedrukt|redaction|redactie)"
    r"\b[^.;]{0,60}$"
)
_DATE_CELL = re.compile(r"(?:datum|date|dag|jour)(?: (?:de|du|van|of)\b.{0,30})?\s*:?")

_FILE_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?=(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)|\D|$)"
    r"(?!(?<=[a-z]\d{4})[-_/]\d{1,4}(?!\d))(?![-_/]\d{3}(?!\d))"
)
"""A year in a file name; not the one in a number such as DEL2025-64 or 2016-679."""
_FILE_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(0[1-9]|[12]\d|3[01])([-_.])(0[1-9]|1[0-2])\6((?:19|20)\d\d)(?!\d)"
)
_FILE_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](\d\d)(?!\d|[-_.]\d\d(?!\d))")
_LONGEST_PERIOD = 12
"""Most years between the two of a file name such as 2014-20."""
_FILE_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d[-_ ]*[-_][-_ ]*(?:19|20)\d\d(?!\d)")


def date_document(catalogue: Catalogue, document: Document, agent: str) -> Document:
    """Look for the dates of a document whose pages are stored, and store them."""
    pages = []
    for number in dict.fromkeys([*range(1, min(document.pages, FIRST_PAGES) + 1), document.pages]):
        if number:
            pages.append(catalogue.page(document.id, number))
    return catalogue.store_dates(document.id, find_dates(document, pages, catalogue.plans()), agent)


def find_dates(document: Document, pages: Sequence[Page], plans: Sequence[Plan]) -> list[DateFinding]:
    """Every date that may be the document's, the one with the best evidence first.

    Args:
        pages: the first pages of the document and its last one; their running lines are ignored.
    """
    title = "" if document.is_title_uncertain else document.title
    plan = next((plan for plan in plans if plan.slug == document.plan), None)
    found = [
        *_in_title(title, plan or plan_in(title, None, plans), pages),
        *_in_file_name(document.filename, plan or plan_in(PurePath(document.filename).stem, None, plans)),
        *_on_cover(pages),
        *_of_plan(plan, document),
        *_in_sentences(pages),
    ]
    latest = datetime.now(UTC).year + 1
    return list(dict.fromkeys(one for one in found if year_of(one.date) <= latest))


def _in_title(title: str, plan: Plan | None, pages: Sequence[Page]) -> list[DateFinding]:
    page = next((page.number for page in pages if folded(title[:40]) in folded(_text(page))), None)
    dates = [date for date in written_dates(title) if not _is_of_another(title, date)]
    if dates:
        return [DateFinding(dates[0].date, "title", title, page, is_certain=True)]
    spoken = without_years_of(plan, title) if plan else title
    return list(_years(spoken, "title", title, page))


def _in_file_name(filename: str, plan: Plan | None) -> Iterator[DateFinding]:
    """Days, months and years in a file name; if they differ, none is certain."""
    name = PurePath(filename).stem
    plain = folded(without_years_of(plan, name) if plan else name)
    dates = [date.date for date in written_dates(re.sub("[-_]", " ", plain))]
    for match in _FILE_DAY.finditer(plain):
        year, _by, month, day = match.groups()[:4]
        dates.append(f"{year}-{month}-{day}" if year else f"{match[8]}-{match[7]}-{match[5]}")
    is_range = _FILE_YEARS.search(plain) is not None
    for match in _FILE_MONTH.finditer(plain):
        is_month = 1 <= int(match[2]) <= 12 and int(match[2]) != int(match[1][2:]) + 1
        dates += [f"{match[1]}-{match[2]}"] * is_month  # 2010-11 may be two years; 2022-25 is a period
        is_range |= not is_month and 0 < int(match[2]) - int(match[1][2:]) <= _LONGEST_PERIOD
    years = [match[1] for match in _FILE_YEAR.finditer(plain)]
    dates += [year for year in years if int(year) <= datetime.now(UTC).year + 1]
    dates = [date for date in dates if not any(other.startswith(f"{date}-") for other in dates)]
    is_certain = len({date[:4] for date in dates}) == 1 and not is_range
    for date in dict.fromkeys(filter(iso_date, dates)):
        yield DateFinding(date, "file name", name, None, is_certain)


def _on_cover(pages: Sequence[Page]) -> Iterator[DateFinding]:
    """Dates on lines of their own, and in headings at the top, of the first page and of those after a
    cover."""
    for page in pages[:FIRST_PAGES]:
        words = 0
        for block in page.blocks:
            if block.kind == "running":
                continue
            for line in block.text.split("\n"):
                yield from _on_line(line, block, page.number, is_top=words < _TOP_WORDS)
                words += len(line.split())
        if words > _COVER_WORDS:
            return


def _on_line(line: str, block: Block, page: int, *, is_top: bool) -> Iterator[DateFinding]:
    size, is_heading = len(line.split()), block.kind == "heading"
    dates = [date for date in written_dates(line) if not _is_of_another(line, date)]
    if len({date.date for date in dates}) == 1:
        label, tab, _value = line.partition("\t")
        is_cell = bool(tab) and _DATE_CELL.fullmatch(folded(label).strip()) is not None
        is_sentence = line.rstrip().endswith((".", ";")) and size > _SHORT_WORDS
        names_act = _CITED.search(folded(line[: dates[0].start])) is not None
        is_line = block.kind != "table" and size <= _LINE_WORDS and "\n" not in block.text
        is_line = is_line and not (is_sentence or (names_act and not is_heading))
        if is_cell or is_line or (is_heading and is_top and size <= _HEADING_WORDS):
            yield DateFinding(dates[0].date, "cover", line, page, is_certain=True)
    elif is_heading and is_top and size <= _YEAR_WORDS and not written_dates(line):
        yield from _years(line, "cover", line, page)


def _years(text: str, source: DateSource, words: str, page: int | None) -> Iterator[DateFinding]:
    """Years that are not part of a date. Not certain are several that differ, and years for which aims are
    set."""
    found = [year for year in lone_years(text) if year_of(year.date) <= datetime.now(UTC).year + 1]
    plain = folded(text)
    for year in found:
        is_aim = _AIM.search(plain[: year.start]) is not None
        is_certain = len({one.date for one in found}) == 1 and not is_aim and not _is_of_another(text, year)
        yield DateFinding(year.date, source, words, page, is_certain)


def _of_plan(plan: Plan | None, document: Document) -> Iterator[DateFinding]:
    """The year of the document's plan. It is certain unless the document is about the plan, as a report
    is."""
    if plan is not None:
        is_plan = document.kind in ("plan", "update", "other")
        yield DateFinding(str(plan.year), "plan", plan.slug, None, is_plan)


def _in_sentences(pages: Iterable[Page]) -> Iterator[DateFinding]:
    """Dates in sentences that say when the document was made; none is certain."""
    for page in pages:
        for block in page.blocks:
            if block.kind == "running" or len(block.text.split()) > _SENTENCE_WORDS:
                continue
            plain = folded(block.text)
            for date in written_dates(block.text):
                before = plain[max(0, date.start - 80) : date.start]
                if _MADE.search(before) and not _is_of_another(block.text, date):
                    yield DateFinding(date.date, "text", _around(block.text, date), page.number)


def _is_of_another(text: str, date: WrittenDate) -> bool:
    """Whether a date belongs to a cited law or agreement or to an earlier meeting, or is a deadline."""
    before = folded(text[: date.start])
    cited = _CITED.search(before)
    is_own_act = cited is not None and _OPENS_WITH_ACT.match(before[: cited.end()]) is not None
    if cited is not None and not (is_own_act and len(re.findall(_ACT, before)) == 1):
        return True
    return _OF_ANOTHER.search(before[-60:]) is not None or _LIMIT.search(before) is not None


def _around(text: str, date: WrittenDate) -> str:
    start = text.rfind(" ", 0, max(0, date.start - 80)) + 1
    return " ".join(text[start : date.end].split())


def _text(page: Page) -> str:
    return " ".join(" ".join(block.text.split()) for block in page.blocks)


def date_all(catalogue: Catalogue, agent: str) -> int:
    """Look for dates in the documents that an earlier version added; returns how many these were."""
    documents = [document for document in catalogue.documents() if not document.are_dates_sought]
    for document in documents:
        date_document(catalogue, document, agent)
    return len(documents)
