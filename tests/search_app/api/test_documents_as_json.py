"""What programs read of pages."""

from archive.records import Block, Page, Word
from search_app.api.documents_as_json import page_as_json


def test_a_word_over_two_lines_has_all_its_boxes_and_a_doubtful_one_says_so() -> None:
    broken = Word("werkgelegenheid", 0, ((10, 10, 50, 20), (10.004, 24, 40.126, 34)))
    whole = Word("nu", 16, ((60, 24, 70, 34),), is_doubtful=True)
    page = Page(
        7,
        "v",
        595.276,
        841.89,
        "ocr",
        False,
        (Block("paragraph", "nl", "werkgelegenheid nu", (broken, whole)),),
    )
    assert page_as_json(page) == {
        "page": 7,
        "label": "v",
        "width": 595.28,
        "height": 841.89,
        "source": "ocr",
        "health": {"text_layer": None, "ocr": None, "choice": ""},
        "blocks": [
            {
                "kind": "paragraph",
                "language": "nl",
                "text": "werkgelegenheid nu",
                "words": [
                    {
                        "text": "werkgelegenheid",
                        "box": [10, 10, 50, 20],
                        "boxes": [[10, 10, 50, 20], [10, 24, 40.13, 34]],
                    },
                    {"text": "nu", "box": [60, 24, 70, 34], "doubtful": True},
                ],
            }
        ],
        "coded_warnings": [],
    }
