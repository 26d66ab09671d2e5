"""Documents that are translations of each other, in the archive of the tests of the pages."""

from archive.records import Description, Document, Page
from tests.surroundings.reading_room import ReadingRoom, Said, make_page

Block = tuple[str, str]
"""The same in Dutch and in French."""

PAGES: tuple[tuple[Block, ...], ...] = (
    (
        (
            "De regering wil de werkgelegenheid in Brussel tegen 2025 met 12.000 banen laten groeien.",
            "Le gouvernement veut faire croître l’emploi à Bruxelles de 12.000 postes d’ici 2025.",
        ),
        (
            "Actiris begeleidt jaarlijks 45.300 werkzoekenden naar een opleiding of een stage.",
            "Actiris accompagne chaque année 45.300 demandeurs d’emploi vers une formation ou un stage.",
        ),
        (
            "De sociale partners ondertekenden het akkoord op 14 juni 2013 in het stadhuis.",
            "Les partenaires sociaux ont signé l’accord le 14 juin 2013 à l’hôtel de ville.",
        ),
        (
            "Voor de werkgelegenheid van jongeren trekt het gewest 38 miljoen euro uit.",
            "Pour l’emploi des jeunes, la Région prévoit un budget de 38 millions d’euros.",
        ),
    ),
    (
        (
            "In Anderlecht opende in 2014 een centrum voor opleiding in de bouw, met 220 plaatsen.",
            "À Anderlecht, un centre de formation à la construction, avec 220 places, a ouvert en 2014.",
        ),
        (
            "De werkgelegenheid in de horeca daalde met 7,5 procent tussen 2008 en 2012.",
            "L’emploi dans l’horeca a diminué de 7,5 pour cent entre 2008 et 2012.",
        ),
        (
            "Bruxelles Formation en de VDAB sloten daarover in 2016 een overeenkomst over 1.850 cursussen.",
            "Bruxelles Formation et le VDAB ont conclu à ce sujet en 2016 une convention sur 1.850 cours.",
        ),
        (
            "Het parlement keurde de ordonnantie goed met 62 stemmen tegen 17.",
            "Le parlement a adopté l’ordonnance par 62 voix contre 17.",
        ),
    ),
    (
        (
            "Een verslag over de werkgelegenheid verschijnt elk jaar vóór 31 maart.",
            "Un rapport sur l’emploi paraît chaque année avant le 31 mars.",
        ),
        (
            "De evaluatie van 2018 telde 640 ondernemingen in Molenbeek en 415 in Schaarbeek.",
            "L’évaluation de 2018 comptait 640 entreprises à Molenbeek et 415 à Schaerbeek.",
        ),
        (
            "De werkgelegenheid blijft het eerste doel van dit plan, samen met het klimaat.",
            "L’emploi reste le premier objectif de ce plan, avec le climat.",
        ),
    ),
)
"""What the plan says, page by page."""

ONLY_FRENCH = "Cette phrase n’a été ajoutée que dans l’édition française, après le vote du budget."
"""Stands in French alone, at the end of page 2."""


def _pages(side: int) -> list[Page]:
    pages = []
    for number, passages in enumerate(PAGES, 1):
        said: list[Said] = [("paragraph", "nl" if side == 0 else "fr", texts[side]) for texts in passages]
        if side == 1 and number == 2:
            said.append(("paragraph", "fr", ONLY_FRENCH))
        pages.append(make_page(number, said, label=f"{number + 4}" if side == 0 else ""))
    return pages


def fill_parallel(room: ReadingRoom) -> dict[str, Document]:
    """A plan in Dutch and in French, one page in both, a page in Dutch alone and one that nobody has read."""
    both: list[Said] = []
    for nl, fr in PAGES[0]:
        both += [("paragraph", "fr", fr), ("paragraph", "nl", nl)]
    with room.at_once() as added:
        added["plan_nl"] = room.add(_pages(0), Description("Het plan", 2013, "new-deal", "report", "nl"))
        added["plan_fr"] = room.add(_pages(1), Description("Le plan", 2013, "new-deal", "report", "fr"))
        added["both"] = room.add(
            [make_page(1, both)], Description("Overleg – La concertation", 2016, None, "other", "nl")
        )
        added["alone"] = room.add(
            [make_page(1, [("paragraph", "nl", "Over de werkgelegenheid werd die avond niet gesproken.")])],
            Description("Een avond", 1999, None, "speech", "nl"),
        )
        added["scan"] = room.add(
            [make_page(1, [], needs_ocr=True)], Description("Een scan", 2009, None, "other", "nl")
        )
    return added
