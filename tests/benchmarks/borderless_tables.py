"""Tables without rules, with what a reader would quote from them: judged before the reader was asked.

Those that were written for this are set by Typst; of the corpus the document and the page are named.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JudgedTable:
    """A table without rules, and what stands in its cells."""

    name: str
    cells: tuple[str, ...]
    """Each the whole text of a cell or a sentence in it, as a reader sees it."""
    mixed: tuple[str, ...] = ()
    """What stands beside each other on a line, but in different cells: nobody wrote it."""
    source: str = ""
    """In Typst's language."""
    document: str = ""
    """Beside the repository, in place of a source."""
    page: int = 1
    is_text: bool = False
    """It is no table: no part of it may become one."""


_HEAD = (
    '#set page(width: 595pt, height: 842pt, margin: 56pt)\n#set text(font: "Libertinus Serif", size: 10pt)\n'
)

_LETTERS = """
= Lijst van ingekomen stukken
De raad neemt kennis van deze stukken en beslist over de wijze van afdoening.

#grid(columns: (22pt, 130pt, 190pt, 110pt), column-gutter: 10pt, row-gutter: {gap},
[*Nr*], [*Afzender*], [*Onderwerp*], [*Voorstel*],
[1], [Stichting Lokale Omroep Zuid, mevrouw P. de Wit], [Verzoek om de bijdrage voor de lokale omroep te
  verhogen
  tot het bedrag per huishouden], [In handen stellen van het college ter afdoening],
[2], [Comité van omwonenden van de Molenkouter], [Bezwaren tegen de opslag van giftige stoffen naast het
  speelplein en de lagere school], [Ter kennisneming aannemen],
[3], [De heer A.C. Vandervelden], [Voorstel tot een verbod op vuurwerk in de binnenstad tijdens de nacht van
  Nieuwjaar], [Betrekken bij de evaluatie van de verordening],
[4], [Provincie Vlaams-Brabant, dienst Ruimte], [Goedkeuring van de begroting en van de meerjarenraming],
  [Ter kennisneming aannemen],
[5], [Vereniging van kleine ondernemers], [Brief over de gevolgen van de werken in de Stationsstraat voor de
  handelaars], [Antwoord door het college, afschrift aan de raad],
[6], [Mevrouw L. Maes, namens de ouderraad], [Vraag naar veilige oversteekplaatsen bij de drie scholen aan de
  ring], [In handen stellen van het college om advies],
)
"""

WRITTEN: tuple[JudgedTable, ...] = (
    JudgedTable(
        "letters, rows apart",
        (
            "Bezwaren tegen de opslag van giftige stoffen naast het speelplein en de lagere school",
            "Voorstel tot een verbod op vuurwerk in de binnenstad tijdens de nacht van Nieuwjaar",
            "In handen stellen van het college ter afdoening",
        ),
        ("Bezwaren tegen de opslag van giftige Ter kennisneming aannemen",),
        _HEAD + _LETTERS.replace("{gap}", "12pt"),
    ),
    JudgedTable(
        "letters, rows at the distance of lines",
        (
            "Verzoek om de bijdrage voor de lokale omroep te verhogen tot het bedrag per huishouden",
            "Stichting Lokale Omroep Zuid, mevrouw P. de Wit",
            "Antwoord door het college, afschrift aan de raad",
        ),
        ("Brief over de gevolgen van de werken in Antwoord door het college,",),
        _HEAD + _LETTERS.replace("{gap}", "0.65em"),
    ),
    JudgedTable(
        "agenda with times",
        (
            "Ontvangst met koffie en inschrijving van de deelnemers in de grote zaal van het gemeentehuis",
            "Het nieuwe mobiliteitsplan: wat verandert er voor fietsers en voetgangers in het centrum?",
            "Schepen van Mobiliteit en Openbare Werken",
        ),
        ("deelnemers in de grote zaal van het Dienst Onthaal",),
        _HEAD
        + """
= Programma van de studiedag
#grid(columns: (60pt, 230pt, 120pt), column-gutter: 14pt, row-gutter: 8pt,
[9.00 uur], [Ontvangst met koffie en inschrijving van de deelnemers in de grote zaal van het gemeentehuis],
  [Dienst
  Onthaal en Protocol van de gemeente],
[9.30 uur], [Welkomstwoord en voorstelling van het programma], [De burgemeester],
[10.00 uur], [Het nieuwe mobiliteitsplan: wat verandert er voor fietsers en voetgangers in het centrum?],
  [Schepen
  van Mobiliteit en Openbare Werken],
[11.15 uur], [Pauze], [],
[11.30 uur], [Debat met de bewonersgroepen over de parkeerzones en de tarieven voor bezoekers], [Mevrouw K.
  Janssens,
  moderator],
[13.00 uur], [Broodjeslunch in de cafetaria], [],
)
""",
    ),
    JudgedTable(
        "price list",
        (
            "Location de la grande salle pour une réunion d’une association de la commune, cuisine comprise",
            "Caution demandée pour le matériel de sonorisation et d’éclairage",
            "par demi-journée",
        ),
        ("association de la commune, cuisine par jour",),
        _HEAD
        + """
= Tarifs des salles communales
#grid(columns: (250pt, 90pt, 80pt), column-gutter: 12pt, row-gutter: 9pt, align: (left, left, right),
[Location de la grande salle pour une réunion d’une association de la commune, cuisine comprise], [par jour],
  [125,00 €],
[Location de la petite salle], [par demi-journée], [45,00 €],
[Caution demandée pour le matériel de sonorisation et d’éclairage], [par contrat], [300,00 €],
[Nettoyage de la salle par les services communaux après une manifestation de plus de cent personnes],
  [forfait],
  [85,50 €],
[Tables et chaises supplémentaires], [la pièce], [0,75 €],
)
""",
    ),
    JudgedTable(
        "directory",
        (
            "Maison de l’emploi et de la formation professionnelle",
            "Chaussée de Mons 1200, bâtiment B, 1070 Anderlecht",
            "Service de médiation de dettes du centre public d’action sociale",
        ),
        ("Maison de l’emploi et de la Chaussée de Mons 1200,",),
        _HEAD
        + """
= Adresses utiles
#grid(columns: (150pt, 150pt, 100pt), column-gutter: 12pt, row-gutter: 10pt,
[Maison de l’emploi et de la formation professionnelle], [Chaussée de Mons 1200, bâtiment B, 1070 Anderlecht],
  [02 555 01 10],
[Service de médiation de dettes du centre public d’action sociale], [Rue Haute 298, 1000 Bruxelles], [02
  555 01 22],
[Guichet d’économie locale], [Rue du Chimiste 34-36, entrée par la cour, 1070 Anderlecht], [02 555 01 45],
[Mission locale], [Boulevard Bischoffsheim 27, 1000 Bruxelles], [02 555 01 67],
)
""",
    ),
    JudgedTable(
        "definitions",
        (
            "het geheel van maatregelen waardoor iemand die werk zoekt sneller een betrekking vindt"
            " die bij hem past",
            "elke onderneming met minder dan vijftig werknemers en een jaaromzet van ten hoogste"
            " tien miljoen euro",
            "de dienst die de plannen opmaakt en op de uitvoering ervan toeziet",
        ),
        ("begeleiding het geheel van maatregelen waardoor iemand die werk zoekt sneller een",),
        _HEAD
        + """
= Begrippen
#grid(columns: (110pt, 340pt), column-gutter: 12pt, row-gutter: 8pt,
[actieve begeleiding van werkzoekenden], [het geheel van maatregelen waardoor iemand die werk zoekt sneller
  een
  betrekking vindt die bij hem past],
[kleine onderneming], [elke onderneming met minder dan vijftig werknemers en een jaaromzet van ten hoogste
  tien
  miljoen euro],
[de administratie], [de dienst die de plannen opmaakt en op de uitvoering ervan toeziet],
[steunzone voor de stedelijke economie], [een gebied dat door de regering is afgebakend, waarin
  ondernemingen een
  premie krijgen wanneer zij bewoners van de wijk aanwerven],
)
""",
    ),
    JudgedTable(
        "two columns of prose, row by row",
        (
            "De aanvraag wordt ingediend met het formulier dat op de website staat en wordt binnen"
            " dertig dagen"
            " behandeld.",
            "De aanvraag wordt ingediend bij het loket van de gemeente, dat binnen vijftien dagen"
            " een beslissing"
            " meedeelt.",
            "Wie te laat betaalt, is een boete van vijf procent verschuldigd, behalve bij overmacht.",
        ),
        ("De aanvraag wordt ingediend met het De aanvraag wordt ingediend bij het",),
        _HEAD
        + """
= Vergelijking van de teksten
#grid(columns: (215pt, 215pt), column-gutter: 24pt, row-gutter: 12pt,
[*Huidige tekst*], [*Voorgestelde tekst*],
[De aanvraag wordt ingediend met het formulier dat op de website staat en wordt binnen dertig dagen
  behandeld.],
[De aanvraag wordt ingediend bij het loket van de gemeente, dat binnen vijftien dagen een beslissing
  meedeelt.],
[De heffing is verschuldigd vanaf de eerste dag van de maand die volgt.],
[De heffing is verschuldigd vanaf de dag waarop de vergunning wordt afgegeven, ook als de werken later
  beginnen.],
[Wie te laat betaalt, is een boete van tien procent verschuldigd.],
[Wie te laat betaalt, is een boete van vijf procent verschuldigd, behalve bij overmacht.],
[Bezwaar is mogelijk bij het college.],
[Bezwaar is mogelijk bij het college, binnen drie maanden na de verzending van het aanslagbiljet.],
)
""",
    ),
    JudgedTable(
        "invoice",
        (
            "Levering en plaatsing van verkeersborden volgens bestek, met inbegrip van de palen",
            "1.254,60",
            "Onderhoud van de groenzones in de maanden april en mei",
        ),
        ("volgens bestek, met inbegrip van de palen 104,55",),
        _HEAD
        + """
= Factuur
#grid(columns: (40pt, 230pt, 75pt, 75pt), column-gutter: 12pt, row-gutter: 7pt, align: (right, left, right,
  right),
[Aantal], [Omschrijving], [Prijs], [Bedrag],
[12], [Levering en plaatsing van verkeersborden volgens bestek, met inbegrip van de palen], [104,55],
  [1.254,60],
[1], [Verplaatsing], [65,00], [65,00],
[2], [Onderhoud van de groenzones in de maanden april en mei], [480,00], [960,00],
[], [Totaal zonder btw], [], [2.279,60],
)
""",
    ),
    JudgedTable(
        "figures with empty cells",
        (
            "Subventions de la Région pour les emplois de proximité et les contrats de première embauche",
            "1 204 500",
            "Remboursements d’emprunts contractés avant la fusion des services",
        ),
        ("Subventions de la Région pour les 1 204 500",),
        _HEAD
        + """
= Recettes et dépenses
#grid(columns: (210pt, 70pt, 70pt, 70pt), column-gutter: 10pt, row-gutter: 7pt, align: (left, right, right,
  right),
[En euros], [2022], [2023], [2024],
[Subventions de la Région pour les emplois de proximité et les contrats de première embauche], [1 204 500],
  [],
  [1 310 000],
[Taxes], [], [85 000], [],
[Remboursements d’emprunts contractés avant la fusion des services], [], [], [412 300],
[Dons et legs], [1 500], [2 750], [],
)
""",
    ),
    JudgedTable(
        "centred columns",
        (
            "Verhoging van de premie voor de isolatie van daken en gevels",
            "Leefmilieu Brussel, met de steun van de gemeenten",
            "vanaf het najaar van 2025",
        ),
        ("Verhoging van de premie voor de Leefmilieu Brussel, met de",),
        _HEAD
        + """
= Maatregelen
#grid(columns: (170pt, 150pt, 110pt), column-gutter: 12pt, row-gutter: 10pt, align: center,
[Maatregel], [Verantwoordelijke], [Termijn],
[Verhoging van de premie voor de isolatie van daken en gevels], [Leefmilieu Brussel, met de steun van de
  gemeenten],
  [vanaf het najaar van 2025],
[Opleiding van energieadviseurs], [Actiris], [2024],
[Renovatie van sociale woningen in de kanaalzone], [Huisvestingsmaatschappij], [2026],
)
""",
    ),
    JudgedTable(
        "single words",
        ("Schaarbeek", "gedeeltelijk", "Molenbeek"),
        (),
        _HEAD
        + """
= Deelname per gemeente
#grid(columns: (120pt, 90pt, 90pt), column-gutter: 12pt, row-gutter: 6pt,
[Gemeente], [Fase], [Deelname],
[Schaarbeek], [eerste], [volledig],
[Anderlecht], [eerste], [gedeeltelijk],
[Molenbeek], [tweede], [volledig],
[Evere], [derde], [geen],
)
""",
    ),
    JudgedTable(
        "bibliography beside keys",
        (
            "Nagels, J. et Plasman, R., La situation socio-économique de la Région, Bruxelles, Éditions de"
            " l’Université, 2007.",
            "Observatoire de la santé, Baromètre social: rapport bruxellois sur l’état de la pauvreté, 2019.",
            "OBS 2019",
        ),
        ("[NAG 2007] Région, Bruxelles",),
        _HEAD
        + """
= Bibliographie
#grid(columns: (60pt, 300pt), column-gutter: 12pt, row-gutter: 8pt,
[NAG 2007], [Nagels, J. et Plasman, R., La situation socio-économique de la Région, Bruxelles, Éditions de
  l’Université, 2007.],
[OBS 2019], [Observatoire de la santé, Baromètre social: rapport bruxellois sur l’état de la pauvreté, 2019.],
[VDE 2011], [Vandermotten, C. (dir.), Bruxelles, dynamiques métropolitaines et inégalités entre les
  quartiers du
  centre et ceux de la périphérie, 2011.],
[IBS 2020], [Institut de statistique, Mini-Bru, 2020.],
)
""",
    ),
    JudgedTable(
        "form without lines",
        (
            "Vereniging zonder winstoogmerk De Buurtwinkel, Kiekenmarkt 30, 1000 Brussel",
            "Een opleiding van zes maanden voor jongeren die zonder diploma de school verlaten hebben",
            "Van 1 september 2024 tot 28 februari 2025",
        ),
        ("Doel van het Een opleiding van zes maanden",),
        _HEAD
        + """
= Aanvraag
#grid(columns: (120pt, 250pt), column-gutter: 14pt, row-gutter: 9pt,
[Naam en adres van de aanvrager], [Vereniging zonder winstoogmerk De Buurtwinkel, Kiekenmarkt 30, 1000
  Brussel],
[Doel van het project dat wordt ingediend], [Een opleiding van zes maanden voor jongeren die zonder diploma
  de school
  verlaten hebben],
[Looptijd], [Van 1 september 2024 tot 28 februari 2025],
[Bedrag], [12.500 euro],
)
""",
    ),
    JudgedTable(
        "narrow gutters",
        (
            "Herstelling van het voetpad tussen het station en het park",
            "De dienst heeft de aannemer gevraagd de werken voor de zomer te voltooien",
            "Mevrouw Rosa Peeters, Bloemenstraat",
        ),
        ("Herstelling van het De dienst heeft de aannemer",),
        _HEAD
        + """
= Vragen van bewoners
#grid(columns: (100pt, 110pt, 130pt), column-gutter: 7pt, row-gutter: 10pt,
[Mevrouw Rosa Peeters, Bloemenstraat], [Herstelling van het voetpad tussen het station en het park], [De
  dienst heeft
  de aannemer gevraagd de werken voor de zomer te voltooien],
[De heer Karim Benali, Kerkplein], [Straatverlichting die al sinds de winter niet meer brandt], [De
  netbeheerder is
  op de hoogte gebracht en komt deze maand],
[Bewoners van de Lindelaan], [Vraag naar een zone dertig en naar plantenbakken], [Wordt onderzocht bij de
  opmaak van
  het circulatieplan],
)
""",
    ),
    JudgedTable(
        "numbers far from their items",
        (
            "de aanvragen die voor 1 januari werden ingediend en die volledig zijn bevonden door de"
            " administratie;",
            "de ondernemingen die hun zetel verplaatsen;",
            "de verenigingen die een erkenning hebben gekregen en die minstens twee jaar actief"
            " zijn in de wijk.",
        ),
        (),
        _HEAD
        + """
Komen in aanmerking voor de premie:

#grid(columns: (20pt, 380pt), column-gutter: 40pt, row-gutter: 8pt,
[3°], [de aanvragen die voor 1 januari werden ingediend en die volledig zijn bevonden door de administratie;],
[4°], [de ondernemingen die hun zetel verplaatsen;],
[5°], [de verenigingen die een erkenning hebben gekregen en die minstens twee jaar actief zijn in de wijk.],
)

De regering kan deze lijst aanvullen na het advies van de raad, en bepaalt dan ook de bewijsstukken.
""",
    ),
    JudgedTable(
        "letters over two pages",
        (
            "Klacht over het lawaai van de fabriek, met de vraag om nieuwe metingen tijdens de nacht",
            "Buurtcomité van de Zennevallei en omstreken",
            "Overmaken aan de intercommunale, met verzoek om antwoord",
        ),
        ("Klacht over het lawaai van de fabriek, met de Overmaken aan de intercommunale,",),
        _HEAD
        + _LETTERS.replace("{gap}", "12pt")
        + """
#pagebreak()
#grid(columns: (22pt, 130pt, 190pt, 110pt), column-gutter: 10pt, row-gutter: 12pt,
[7], [Buurtcomité van de Zennevallei en omstreken], [Klacht over het lawaai van de fabriek, met de vraag om
  nieuwe
  metingen tijdens de nacht], [Overmaken aan de intercommunale, met verzoek om antwoord],
[8], [Mevrouw S. Claes], [Dankbrief], [Ter kennisneming],
)
""",
        page=2,
    ),
    JudgedTable(
        "numbers in the middle of the row",
        (
            "Het college stelt voor om de dotatie aan de politiezone te verhogen met drie procent",
            "De raad keurt het voorstel goed met 21 stemmen tegen 9 en 3 onthoudingen",
            "Financiën en begroting",
        ),
        ("Het college stelt voor om de dotatie aan De raad keurt het voorstel goed met",),
        _HEAD
        + """
= Beslissingen
#grid(columns: (90pt, 180pt, 160pt), column-gutter: 12pt, row-gutter: 14pt, align: horizon,
[Financiën en begroting], [Het college stelt voor om de dotatie aan de politiezone te verhogen met drie
  procent],
  [De raad keurt het voorstel goed met 21 stemmen tegen 9 en 3 onthoudingen],
[Onderwijs], [Aanstelling van twee leerkrachten in de gemeentelijke basisschool voor de duur van het lopende
  schooljaar, en van een zorgcoördinator], [Eenparig goedgekeurd],
[Sport], [Reglement op het gebruik van de sporthal], [De raad stelt de beslissing uit tot de volgende
  zitting, na
  advies van de sportraad],
)
""",
    ),
    JudgedTable(
        "contents with leaders",
        ("De financiering van de maatregelen door het Gewest", "Opleiding en werk"),
        (),
        _HEAD
        + """
= Inhoud
#grid(columns: (30pt, 1fr, 30pt), row-gutter: 7pt, align: (left, left, right),
[1], [Inleiding #box(width: 1fr, repeat[.])], [3],
[2], [Opleiding en werk #box(width: 1fr, repeat[.])], [7],
[2.1], [De financiering van de maatregelen door het Gewest #box(width: 1fr, repeat[.])], [12],
[3], [Besluit #box(width: 1fr, repeat[.])], [40],
)
""",
        is_text=True,
    ),
    JudgedTable(
        "text in two columns",
        (
            "De regering heeft beslist om de steun aan de buurtwinkels te verlengen, ook na de zomer.",
            "De gemeenten krijgen daarvoor een budget dat afhangt van het aantal inwoners en van"
            " hun inkomen.",
        ),
        (),
        _HEAD
        + """
#columns(2, gutter: 18pt)[
De regering heeft beslist om de steun aan de buurtwinkels te verlengen, ook na de zomer. Wie in aanmerking
  wil komen,
vult het formulier in. De gemeenten krijgen daarvoor een budget dat afhangt van het aantal inwoners en van
  hun inkomen.
De eerste aanvragen worden in het voorjaar behandeld.

De administratie ziet toe op de uitvoering. Zij brengt elk jaar verslag uit bij het parlement, en
  publiceert de
cijfers. Het verslag vermeldt hoeveel winkels steun kregen en hoeveel banen daardoor behouden bleven.
#colbreak()
Voor de ambachten komt er een aparte regeling. De kamers van ambachten stellen een lijst op van beroepen
  die moeilijk
te vinden zijn, en de opleidingscentra passen hun aanbod daaraan aan.

Tot slot wordt de samenwerking met de beide andere gewesten versterkt. Een werkgroep bereidt een akkoord
  voor dat in
de herfst wordt ondertekend, en dat ook het woon-werkverkeer omvat. De sociale partners worden bij dit overleg
betrokken.
]
""",
        is_text=True,
    ),
)

OF_THE_CORPUS: tuple[JudgedTable, ...] = (
    JudgedTable(
        "list of decisions, page 1",
        (
            "Wethouder L. van Doeveren, wethouder R. Bloemendaal, wethouder W. Koetsier en"
            " wethouder R. Zoutendijk,"
            " gemeentesecretaris K. Handstede en Y. van Boheemen voor de verslaglegging.",
            "B&W-Besluitenlijst Openbaar Wassenaar d.d. 3 dec. 2024 vast te stellen.",
            "Join registratie",
        ),
        ("Join Z/24/082517 registratie",),
        document="corpus/plans/nl-wassenaar-besluitenlijst-2024-12-10.pdf",
    ),
    JudgedTable(
        "list of decisions, page 2",
        (
            "Financieel besluit maatschappelijke ondersteuning gemeente Wassenaar 2025",
            "Raadsinformatiebrief toezegging cie Fysieke Leefomgeving 2 december 2024",
            "Het Financieel besluit maatschappelijke ondersteuning gemeente Wassenaar 2025 vast te stellen.",
        ),
        document="corpus/plans/nl-wassenaar-besluitenlijst-2024-12-10.pdf",
        page=2,
    ),
    JudgedTable(
        "names of two columns",
        (
            "Terugdringen Gezondheidsachterstanden",
            "6.1 Samenkracht en burgerparticipatie",
            "Coördinatiekosten regionale aanpak preventie",
        ),
        document="corpus/plans/nl-bzk-iv3-informatievoorschrift-2026.pdf",
        page=6,
    ),
    JudgedTable(
        "codes with explanations",
        (
            "Kosten verbonden aan sluiten geldlening en saldo agio/disagio",
            "Het komt voor dat in de administratie en programmarekening de balanspost 'vaste activa"
            " in uitvoering' is"
            " opgenomen.",
            "Hier is sprake van risicodragende vorderingen.",
        ),
        document="corpus/plans/nl-bzk-iv3-informatievoorschrift-2026.pdf",
        page=79,
    ),
    JudgedTable(
        "names in three columns",
        ("Berneuil sur Aisne", "Moulin sous Touvent", "St Crépin aux Bois"),
        ("Autrêches Cuise la Motte St Crépin aux Bois",),
        document="corpus/plans/fr-cclo-spanc-2023.pdf",
        page=6,
    ),
    JudgedTable(
        "costs and income",
        (
            "Omgevingsvergunning (als gevolg van de invoeringswet, nu nog niet bekend)",
            "Totaal leges Algemene dienstverlening",
            "Verkeer en vervoer (ontheffing APV)",
        ),
        ("Omgevingsvergunning (als gevolg van de nnb nnb",),
        document="corpus/plans/nl-wassenaar-begroting-2024.pdf",
        page=74,
    ),
    JudgedTable(
        "parties of a case",
        (
            "Appeal from the Circuit Court of St. Charles County, Missouri",
            "Honorable Deborah J. Alessi",
            "NICHOLE MARIE JAGELS,",
        ),
        ("Appellant, ) Appeal from the Circuit Court of",),
        document="corpus/hostile/pdfminer-fails--doctor--missouri.pdf",
    ),
    JudgedTable(
        "compounds and codes",
        ("Bromoform (Tribromomethane)", "tert-Butyl ethyl ether (ETBE)", "Deleted or estimated compounds"),
        ("Compound CAS number WATSTORE Deleted or",),
        document="corpus/hostile/pdfminer-fails--format-corpus--govdocs1-error-pdfs__error_set_2__455746.pdf",
        page=13,
    ),
    JudgedTable(
        "compounds and ions",
        ("1,1,2-Trichloro-1,2,2-trifluoroethane", "Secondary qualifying ion", "tert-Butyl methyl ether"),
        ("Quantitation Secondary Tertiary Retention time",),
        document="corpus/hostile/pdfminer-fails--format-corpus--govdocs1-error-pdfs__error_set_2__455746.pdf",
        page=30,
    ),
    JudgedTable(
        "members in two columns",
        (
            "ENI F.H. FALEOMAVAEGA, American Samoa",
            "ILEANA ROS-LEHTINEN, Florida",
            "CYNTHIA A. MCKINNEY, Georgia",
        ),
        ("CHRISTOPHER H. SMITH, New Jersey ENI F.H. FALEOMAVAEGA, American",),
        document="corpus/hostile/silent-disagree--format-corpus--govdocs1-error-pdfs__error_set_2__507618.pdf",
        page=2,
    ),
    JudgedTable(
        "form with labels of several lines",
        (
            "Het ondersteunen van de deelnemers bij de uitvoering van hun taken op het gebied van"
            " het omgevingsrecht"
            " in het algemeen en de WABO in het bijzonder, alsmede de taken op het terrein van"
            " vergunningverlening,"
            " handhaving en toezicht op grond van de in artikel 5.1 van de WABO genoemde wetten.",
            "Gemeentelijk financieel belang (deelnemersbijdrage)",
            "Verwachte omvang financieel resultaat",
        ),
        ("Verwachte omvang € 0 financieel resultaat",),
        document="cases/borderless-form-table.pdf",
    ),
)
"""Their words are quoted as a reader would; the documents are no part of the repository."""
