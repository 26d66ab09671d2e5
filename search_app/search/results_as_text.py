"""A page of results for people at a command line."""

from search_app.search.counted_forms import forms_as_text
from search_app.search.results import SearchPage


def remarks_on(found: SearchPage) -> list[str]:
    """How the query was read, what was left out, which forms were counted, another spelling."""
    counted = [f"Counted: {forms_as_text(forms)}" for forms in found.forms if forms.is_merged]
    spelling = [f"Did you mean: {found.suggestion}"] if found.suggestion else []
    return [found.read_as, *found.notices, *counted, *spelling]


def as_text(found: SearchPage, base_url: str) -> str:
    """The counts, and of each hit where it is, the lines around the matches and its address."""
    parts = [f"{found.total} pages in {found.documents} documents"]
    for hit in found.hits:
        lines = "".join(f"[{part.text}]" if part.mark else part.text for part in hit.excerpt)
        place = f"{hit.title} ({hit.year or 'no year'}), page {hit.page_label} [{hit.language}]"
        parts.append(f"\n{place}\n  {lines}\n  {base_url}{hit.url}")
    return "\n".join(parts)
