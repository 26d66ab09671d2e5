"""Two editions of a plan, with one change of each sort, for the tests of the pages."""

from archive.records import Description, Document
from tests.material.known_edits import paragraphs
from tests.surroundings.reading_room import ReadingRoom, Said, make_page

PARAGRAPHS = paragraphs("nl")
OLDER, NEWER = "Plan voor het Gewest, eerste uitgave", "Plan voor het Gewest, tweede uitgave"
DROPPED, ADDED, MOVED = PARAGRAPHS[30], PARAGRAPHS[31], PARAGRAPHS[32]
TABLE = "Rekening\t2022\t2023\nBaten\t10.997\t12.439\nLasten\t-17.890\t-19.509\nSaldo\t0\t0"
COUNTS = {"kept": 17, "moved": 1, "changed": 3, "dropped": 1, "new": 1}


def older() -> list[Said]:
    return [
        ("heading", "nl", "Plan voor het Gewest"),
        *_paragraphs(0, 4),
        ("paragraph", "nl", "Het plan telt 17 doelstellingen en geldt vanaf 8 januari."),
        *_paragraphs(4, 6),
        ("paragraph", "nl", DROPPED),
        ("paragraph", "nl", MOVED),
        *_paragraphs(6, 9),
        ("table", "nl", TABLE),
        ("paragraph", "nl", "De raad van het Gewest beslist niet over de steun aan ondernemingen."),
        *_paragraphs(9, 13),
    ]


def newer() -> list[Said]:
    return [
        ("heading", "nl", "Plan voor het Gewest"),
        *_paragraphs(0, 4),
        ("paragraph", "nl", "Het plan telt 18 doelstellingen en geldt vanaf 8 februari."),
        *_paragraphs(4, 9),
        ("table", "nl", TABLE.replace("12.439", "12.440")),
        ("paragraph", "nl", "De raad van het Gewest beslist over de steun aan ondernemingen."),
        ("paragraph", "nl", ADDED),
        *_paragraphs(9, 13),
        ("paragraph", "nl", MOVED),
    ]


def add_editions(room: ReadingRoom) -> tuple[Document, Document]:
    """Put both into the archive, the newer one first; each on four pages or fewer, with Roman labels."""
    labels = ["i", "ii", "iii", "iv"]
    with room.at_once() as added:
        for name, said, title, year in (("newer", newer(), NEWER, 2021), ("older", older(), OLDER, 2020)):
            pages = [
                make_page(number + 1, said[number * 6 : number * 6 + 6], label=labels[number])
                for number in range(-(-len(said) // 6))
            ]
            added[name] = room.add(
                pages, Description(title, year, None, "plan", "nl"), filename=f"plan-{year}.pdf"
            )
    return added["older"], added["newer"]


def _paragraphs(start: int, end: int) -> list[Said]:
    return [("paragraph", "nl", text) for text in PARAGRAPHS[start:end]]
