"""Good text in four languages is healthy; text that lost, moved or tore its letters is not."""

import pytest

from archive.languages import Language
from ingest.language.lexicon import is_known
from ingest.page.reading_health import LEAST, health

GOOD: dict[str, str] = {
    "nl": "De Brusselse Regering maakt van de werkgelegenheid haar eerste zorg en sluit daarover een pact "
    "met de sociale partners, die het sociaal-economische beleid van het gewest mee opvolgen en evalueren.",
    "fr": "Le gouvernement de la Région de Bruxelles-Capitale fait de l’emploi sa première priorité et "
    "conclut un pacte avec les partenaires sociaux, qui suivent l'évaluation de la stratégie régionale.",
    "en": "The government of the Region gives the highest priority to employment and agrees on a strategy "
    "with the social partners, who will follow how it is carried out and evaluate its economic results.",
    "de": "Die Regierung der Region stellt die Beschäftigung an die erste Stelle und vereinbart mit den "
    "Sozialpartnern eine gemeinsame Strategie, deren Umsetzung regelmäßig überprüft und bewertet wird.",
    "capitals": "STRATEGIE VOOR EEN NIEUWE ECONOMISCHE DYNAMIEK VAN HET BRUSSELS HOOFDSTEDELIJK GEWEST",
    "numbers": "Tabel 3 2011 2012 2013 1.234,5 € 17 % 0,3 % - - 45.678 12 3 7 (a) (b) 100,0 100,0",
    "names": "Vervoort Picqué Vanhengel Cerexhe Grouwels Kir Doulkeridis Lalieux Laanan Guillaume De Wolf",
    "title": "New Deal 2011",
    "nothing": "",
    "law": "Art. 15, § 2, 3° KB 4.5.2016 (B.S. 12.6.2016), verordening (EU) nr. 2016/679, L 119/1",
    "another script": "наша земля и народ живут здесь " * 10,
    "addresses": "https://be.brussels/nl/go4brussels info@beci.be /etc/apt/sources.list strategie2025.be",
}


def shifted(text: str) -> str:
    """Each letter as the third after it, as when a font does not say which letters it draws."""
    return "".join(chr(ord(letter) + 3) if letter != " " else " " for letter in text)


LYING = {
    "letters shifted": shifted,
    "r and z dropped": lambda text: text.replace("r", "").replace("z", ""),
    "one letter in fifteen dropped": lambda text: "".join(
        c for i, c in enumerate(text) if i % 15 or c == " "
    ),
    "letters torn apart": lambda text: " ".join(text.replace(" ", "")),
    "torn here and there": lambda text: "".join(c + " " * (i % 7 == 3) for i, c in enumerate(text)),
    "read backwards": lambda text: " ".join(word[::-1] for word in text.split()),
    "glued": lambda text: text.replace(" ", ""),
    "every second letter unreadable": lambda text: "".join(
        "\ufffd" if i % 2 else c for i, c in enumerate(text)
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_text_is_healthy(name: str) -> None:
    assert health(GOOD[name].split()) >= LEAST


@pytest.mark.parametrize("damage", LYING)
@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_damaged_text_is_not(language: str, damage: str) -> None:
    assert health(LYING[damage](GOOD[language]).split()) < LEAST


def test_accents_taken_for_other_signs() -> None:
    text = GOOD["fr"]
    assert health(text.encode().decode("cp1252").split()) < LEAST, "read with the wrong code page"
    assert health(text.translate(str.maketrans("éèêàâçô", "pqrstuv")).split()) < LEAST
    assert health(text.replace("é", "e\u00b4").replace("è", "e`").split()) < LEAST, "accents beside letters"


def test_the_worse_the_text_the_lower() -> None:
    words = GOOD["nl"].split()
    half = [shifted(word) if place % 2 else word for place, word in enumerate(words)]
    assert health(words) > health(half) > health([shifted(word) for word in words])
    assert health([shifted(word) for word in words]) < 0.3


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("werkgelegenheidsbeleid", "nl"),
        ("Tewerkstellingspremie", "nl"),
        ("ĳverig", "nl"),
        ("qu’elle", "fr"),
        ("l'emploi", "fr"),
        ("REGION", "en"),
        ("Beschäftigungsförderung", "de"),
    ],
)
def test_known_words(word: str, language: Language) -> None:
    assert is_known(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("tansition", "fr"),
        ("uxelloise", "fr"),
        ("hoizon", "fr"),
        ("werkgelgenheid", "nl"),
        ("werkgelegenheid", "fr"),
    ],
)
def test_unknown_words(word: str, language: Language) -> None:
    assert not is_known(word, language)
