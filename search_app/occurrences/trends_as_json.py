"""Trends as data: for the API."""

from typing import TypedDict

from archive.languages import Language
from index.occurrences.trends import PER, Scale
from search_app.occurrences.trends_picture import TrendsPicture
from search_app.search.counted_forms import FormsJson, forms_as_json


class PointJson(TypedDict):
    """A term in one year or plan; `place` is `none` for documents without one, `frequency` is null where
    there is no text in the language of the term."""

    place: str
    occurrences: int
    words: int
    frequency: float | None
    url: str


class TrendJson(TypedDict):
    """A term through the years or plans."""

    term: str
    language: Language | None
    points: list[PointJson]
    counted: FormsJson


class TrendsJson(TypedDict):
    """How often terms occur, for every 10,000 words of their language; a word has a letter."""

    by: Scale
    per: int
    trends: list[TrendJson]


def trends_as_json(picture: TrendsPicture, base_url: str) -> TrendsJson:
    """What a picture shows, for programs."""
    return {
        "by": picture.trends_request.scale,
        "per": PER,
        "trends": [
            {
                "term": each.term,
                "language": each.language,
                "points": [
                    {
                        "place": point.place,
                        "occurrences": point.count,
                        "words": point.words,
                        "frequency": None if point in each.strays else round(point.frequency, 4),
                        "url": base_url + picture.occurrences(each, point),
                    }
                    for point in (*each.points, *each.strays)
                ],
                "counted": forms_as_json(each.forms),
            }
            for each in picture.trends
        ],
    }
