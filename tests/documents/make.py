"""Make the PDFs of this folder: ``python tests/documents/make.py``.

Each shows one difficulty that real documents have; README.md tells which. All text was written here.
"""

import io
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2 as pdfium
import typst
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

FOLDER = Path(__file__).parent
A4 = (595.0, 842.0)

FRENCH = (
    "Le gouvernement et les interlocuteurs sociaux se rencontrent chaque année pour faire le point sur les"
    " mesures qui ont été prises. Ils examinent les chiffres de l’emploi, les formations qui ont été"
    " suivies et les aides que les entreprises ont reçues. La commission rend un avis avant la fin du mois."
)
DUTCH = (
    "De regering en de sociale gesprekspartners komen elk jaar samen om de maatregelen te bespreken die"
    " genomen zijn. Zij bekijken de cijfers van de werkgelegenheid, de opleidingen die gevolgd werden en de"
    " steun die de ondernemingen hebben gekregen. De commissie geeft een advies voor het einde van de maand."
)


def canvas(name: str, size: tuple[float, float] = A4, **options: object) -> Canvas:
    drawn = Canvas(str(FOLDER / name), pagesize=size, invariant=True, **options)
    drawn.setFont("Times-Roman", 10)
    return drawn


def wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def typeset(name: str, source: str) -> None:
    typst.compile(b"#set document(date: none)\n" + source.encode(), output=str(FOLDER / name))


def columns_drawn_row_by_row() -> None:
    """Each row is one drawing operation, left and right together, as some printing systems do."""
    drawn = canvas("columns-drawn-row-by-row.pdf")
    for page in range(1, 4):
        drawn.setFont("Times-Roman", 9)
        drawn.drawString(50, 800, f"Assemblée – Séance plénière – Plenaire vergadering    p. {page + 10}")
        y = 770.0
        for part, (title_left, title_right) in enumerate((("Rapport", "Verslag"), ("Débat", "Bespreking"))):
            drawn.setFont("Times-Bold", 11)
            drawn.drawString(50, y, title_left)
            drawn.drawString(305, y, title_right)
            y -= 20
            drawn.setFont("Times-Roman", 10)
            for item in range(3):
                number = f"{page}{part}{item}"
                left, right = wrapped(f"Point {number}. {FRENCH}", 52), wrapped(f"Punt {number}. {DUTCH}", 52)
                for row in range(max(len(left), len(right))):
                    text = drawn.beginText(50, y)
                    text.textOut(left[row] if row < len(left) else "")
                    text.setTextOrigin(305, y)
                    text.textOut(right[row] if row < len(right) else "")
                    drawn.drawText(text)
                    y -= 12
                y -= 8
        for left, right in (("Pour : 12", "Voor: 12"), ("Contre : 3", "Tegen: 3")):
            drawn.drawString(50, y, left)
            drawn.drawString(305, y, right)
            y -= 12
        drawn.showPage()
    drawn.save()


def three_columns() -> None:
    typeset(
        "three-columns.pdf",
        f"""#set page(paper: "a4", margin: 2cm)
        #set text(size: 9pt, lang: "nl")
        = Een titel over de hele breedte
        #columns(3, gutter: 14pt)[{" ".join(f"Stuk{n}begin {DUTCH} Stuk{n}einde." for n in range(1, 7))}]
        """,
    )


def turned_and_cropped() -> None:
    """The same line on pages that are shown turned by 0, 90, 180 and 270 degrees, cropped off-centre."""
    drawn = canvas("turned-and-cropped.pdf")
    for degrees in (0, 90, 180, 270):
        drawn.setPageRotation(degrees)
        drawn.setCropBox((100, 150, 500, 550))
        drawn.setFont("Helvetica", 14)
        drawn.drawString(150, 450, "Boven het midden")
        drawn.drawString(10, 20, "buiten beeld")
        drawn.saveState()
        drawn.translate(130, 200)
        drawn.rotate(90)
        drawn.drawString(0, 0, "langs de kant")
        drawn.restoreState()
        drawn.showPage()
    drawn.save()


def hyphens_and_ligatures() -> None:
    typeset(
        "hyphens-and-ligatures.pdf",
        """#set page(width: 9cm, height: 16cm, margin: 1cm)
        #set text(size: 11pt, lang: "nl", hyphenate: false)
        De sociaal-economische raad werkt aan de werkgelegenheid.

        Een sociaal-\\
        economische raad. De werkgele-\\
        genheid neemt toe. Noord-\\
        en Zuid-Brussel. Het Vlaams-\\
        Brabantse bedrijf. Een efficiënte financie-\\
        ring. COVID-\\
        19 en het fietspad: officieel affiche, ﬁjn en ﬂink.
        """,
    )


def tables() -> None:
    typeset(
        "tables.pdf",
        """#set page(paper: "a4", flipped: true, margin: 2cm)
        #set text(size: 10pt, lang: "nl")
        = Begroting
        De lasten en de baten van het programma staan in de onderstaande tabellen.
        #table(columns: (4cm, 7cm, 3cm),
          [Risico], [Toelichting], [Bedrag],
          [Open einde], [Het aantal aanvragen kan hoger zijn dan geraamd, want de regeling kent geen einde.],
            [750.000],
          [Rente], [De rente op de kapitaalmarkt stijgt al twee jaar en dat werkt door in de kosten.],
            [250.000],
        )
        #v(1cm)
        #table(columns: (6cm, 3cm, 3cm), stroke: none, align: (left, right, right),
          [Omschrijving], [2023], [2024],
          [Overhead], [368.000], [371.500],
          [Kapitaallasten], [175.000], [169.250],
          [Totaal], [543.000], [540.750],
        )
        """,
    )


def running_heads() -> None:
    chapters = "".join(
        f"= Hoofdstuk {number}\nBlz{number}. {DUTCH}\n#pagebreak(weak: true)\n" for number in range(1, 5)
    )
    typeset(
        "running-heads.pdf",
        f"""#set page(paper: "a5", numbering: "i", margin: (top: 2.5cm, bottom: 2cm),
          header: [Verslag over de werkgelegenheid #h(1fr) 2024])
        #set text(size: 10pt, lang: "nl")
        = Inhoud
        Dit verslag telt twee hoofdstukken.
        #pagebreak()
        Woord vooraf. {DUTCH}
        #set page(numbering: "1")
        #counter(page).update(1)
{chapters}
        """,
    )


def numbers_without_labels() -> None:
    """Printed page numbers that run ahead of the physical ones, and no page labels in the file."""
    drawn = canvas("printed-page-numbers.pdf")
    for page in range(1, 6):
        for row, line in enumerate(wrapped(DUTCH, 90)):
            drawn.drawString(50, 700 - 14 * row, line)
        drawn.drawString(290, 40, f"- {page + 46} -")
        drawn.showPage()
    drawn.save()


def doubled_text() -> None:
    """Bold made by printing twice, as old word processors do; the second print may be a hair aside."""
    drawn = canvas("doubled-text.pdf")
    for shift in (0.0, 0.25):
        drawn.drawString(60 + shift, 700, "Dubbel gedrukte woorden tellen maar een keer")
    drawn.drawString(60, 660, "maar maar deze herhaling is geschreven")
    drawn.save()


def languages() -> None:
    typeset(
        "languages.pdf",
        f"""#set page(paper: "a4", margin: 2cm)
        #set text(size: 10pt)
        #set heading(numbering: none)
        == CONCLUSIONS
        {FRENCH}
        == BESLUITEN
        {DUTCH}
        == CONCLUSIONS
        The government and the social partners meet every year in order to discuss the measures that have been
        taken. They look at the figures and at the training that people have followed.
        == SCHLUSS
        Die Regierung und die Sozialpartner treffen sich jedes Jahr, um die Maßnahmen zu besprechen, die
        getroffen worden sind. Sie prüfen auch die Zahlen und die Ausbildungen.
        """,
    )


def _page_picture(text: list[str], turn: int = 0) -> Image.Image:
    """A picture of a page with these lines of text, slightly grainy as scanners make it."""
    source = '#set page(paper: "a4", margin: 2.5cm)\n#set text(size: 12pt)\n' + "\n\n".join(text)
    with pdfium.PdfDocument(typst.compile(source.encode())) as document:
        picture = document[0].render(scale=150 / 72).to_pil().convert("L")
    grain = random.Random(1)
    for _ in range(2000):
        picture.putpixel(
            (grain.randrange(picture.width), grain.randrange(picture.height)), grain.randrange(90, 255)
        )
    return picture.rotate(90 * turn, expand=True)


def _as_image(picture: Image.Image) -> ImageReader:
    stream = io.BytesIO()
    picture.quantize(8).save(stream, "PNG", optimize=True)
    stream.seek(0)
    return ImageReader(stream)


def scans() -> None:
    """An upright scan under a stamp of real text, a scan lying on its side, and a page of real text."""
    drawn = canvas("scans.pdf")
    drawn.drawImage(_as_image(_page_picture([DUTCH, DUTCH])), 0, 0, *A4)
    drawn.drawString(300, 20, "Bijlagen bij het Staatsblad - 18/06/2018")
    drawn.showPage()
    drawn.setPageSize((A4[1], A4[0]))
    drawn.drawImage(_as_image(_page_picture([FRENCH, FRENCH], turn=1)), 0, 0, A4[1], A4[0])
    drawn.showPage()
    drawn.setPageSize(A4)
    for row, line in enumerate(wrapped(DUTCH, 90)):
        drawn.drawString(50, 700 - 14 * row, line)
    drawn.showPage()
    drawn.save()


def _hidden(drawn: Canvas, text: str) -> None:
    """Text that is there to be searched, not seen, as an OCR layer lies over a scan."""
    layer = drawn.beginText(71, 760)
    layer.setTextRenderMode(3)
    layer.textLines(wrapped(text, 90))
    drawn.drawText(layer)


def lying_text_layers() -> None:
    """Scans under a layer that lost its "r", and under a good one; a slanted scan; a page of real text."""
    drawn = canvas("text-layer-lies.pdf")
    drawn.drawImage(_as_image(_page_picture([FRENCH, FRENCH])), 0, 0, *A4)
    _hidden(drawn, f"{FRENCH} {FRENCH}".replace("r", ""))
    drawn.showPage()
    drawn.drawImage(_as_image(_page_picture([FRENCH, FRENCH])), 0, 0, *A4)
    _hidden(drawn, f"{FRENCH} {FRENCH}")
    drawn.showPage()
    slanted = _page_picture([DUTCH, DUTCH]).rotate(5, Image.Resampling.BICUBIC, fillcolor=255)
    drawn.drawImage(_as_image(slanted), 0, 0, *A4)
    drawn.showPage()
    for row, line in enumerate(wrapped(DUTCH, 90)):
        drawn.drawString(50, 700 - 14 * row, line)
    drawn.showPage()
    drawn.save()


def password() -> None:
    drawn = canvas("encrypted.pdf", encrypt=StandardEncryption("geheim", "eigenaar"))
    drawn.drawString(60, 700, "Achter een wachtwoord")
    drawn.save()


def written(name: str, objects: list[bytes], root: int = 1) -> None:
    """A PDF of these objects, written byte by byte, with a table of their places."""
    body = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        start,
    )
    (FOLDER / name).write_bytes(bytes(body))


def stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def page_missing() -> None:
    """The second of three pages is named in the page tree but is not in the file."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents %d 0 R"
        b" /Resources << /Font << /F 6 0 R >> >> >>"
    )
    text = b"BT /F 12 Tf 50 200 Td (%s) Tj ET"
    written(
        "page-missing.pdf",
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 3 /Kids [3 0 R 99 0 R 4 0 R] >>",
            page % 5,
            page % 7,
            stream(text % b"Eerste bladzijde"),
            HELVETICA,
            stream(text % b"Derde bladzijde"),
        ],
    )


def no_pages() -> None:
    written(
        "no-pages.pdf", [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [9 0 R] >>"]
    )


def strange_characters() -> None:
    """A font whose map to Unicode gives NUL, half a pair, the letter ij, a soft hyphen and a bullet."""
    meanings = {
        "A": "0000",
        "B": "D800",
        "C": "0133",
        "D": "00AD",
        "E": "F0B7",
        "F": "D83DDE00",
        "G": "202E",
    }
    lines = "".join(f"<{ord(code):02X}> <{meaning}>\n" for code, meaning in meanings.items())
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{len(meanings)} beginbfchar\n{lines}endbfchar\n"
        "1 beginbfrange <61> <7A> <0061> endbfrange\nendcmap end end"
    ).encode()
    text = (
        b"BT /F 12 Tf 20 150 Td (nulAteken) Tj 0 -20 Td (halfBpaar) Tj 0 -20 Td (bCzonder) Tj"
        b" 0 -20 Td (E punt) Tj 0 -20 Td (GomgekeerdF) Tj ET"
    )
    written(
        "strange-characters.pdf",
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R"
            b" /Resources << /Font << /F 5 0 R >> >> >>",
            stream(text),
            HELVETICA.replace(b" >>", b" /ToUnicode 6 0 R >>"),
            stream(to_unicode),
        ],
    )


def damaged_table_of_objects() -> None:
    """A whole document whose table of objects points nowhere, so that readers must search for them."""
    content = (FOLDER / "page-missing.pdf").read_bytes()
    content = content.replace(b"/Count 3", b"/Count 2").replace(b" 99 0 R", b"")
    (FOLDER / "damaged-xref.pdf").write_bytes(content.replace(b"startxref\n", b"startxref\n9"))


def unmapped_letters() -> None:
    """Letters that were moved along the alphabet, as fonts without a map to Unicode give them."""
    drawn = canvas("moved-letters.pdf")
    moved = "".join(
        chr(ord(letter) - 29) if letter.isalpha() and ord(letter) < 128 else letter for letter in DUTCH * 3
    )
    for row, line in enumerate(wrapped(moved.replace("‘", ""), 80)):
        drawn.drawString(50, 780 - 14 * row, line)
    drawn.save()


def _put(
    drawn: Canvas,
    x: float,
    y: float,
    text: str,
    size: float = 11,
    spacing: float = 0,
    mode: int = 0,
    grey: float = 0,
) -> float:
    """Draw text by itself; where it ends."""
    drawn.saveState()
    layer = drawn.beginText(x, y)
    layer.setFont("Times-Roman", size)
    layer.setCharSpace(spacing)
    layer.setTextRenderMode(mode)
    layer.setFillGray(grey)
    layer.textOut(text)
    drawn.drawText(layer)
    drawn.restoreState()
    return float(layer.getX())


def _raised_signs(drawn: Canvas) -> None:
    lines = (
        (("In België", 0), ("1", 4), (" en elders.", 0), ("12", 4), (" Daarna", 0)),
        (("Het park van 12 km", 0), ("2", 4), (" stoot CO", 0), ("2", -2), (" uit.", 0)),
        (("De 3", 0), ("de", 4), (" editie, le 1", 0), ("er", 4), (" mars.", 0)),
        (("1", 4), ("In België wordt dat zo gedaan.", 0)),
    )
    for row, line in enumerate(lines):
        x = 50.0
        for text, rise in line:
            x = _put(drawn, x, 800 - 30 * row + rise, text, 6 if rise else 11)


def _hidden_text(drawn: Canvas) -> None:
    _put(drawn, 50, 800, "Deze zin is te zien.")
    _put(drawn, 50, 780, "Zonder vulling en zonder lijn.", mode=3)
    _put(drawn, 50, 760, "Wit op wit papier.", grey=1)
    _put(drawn, 50, 900, "Boven de bladzijde.")
    drawn.setFillGray(0.2)
    drawn.rect(40, 690, 400, 30, fill=1, stroke=0)
    _put(drawn, 50, 700, "Wit op een donkere balk.", grey=1)


def _text_printed_again(drawn: Canvas) -> None:
    for shift in (0, 0.3, 0.6):
        _put(drawn, 50 + shift, 800, "Vet door overdruk", 14)
    _put(drawn, 51.2, 768.8, "Met een schaduw", 18, grey=0.7)
    _put(drawn, 50, 770, "Met een schaduw", 18)
    _put(drawn, 50, 740, "Een strategie voor werk")
    _put(drawn, 50, 740, "Een stra")
    _put(drawn, 50, 720, "Dat is echt echt waar")


def _letters_apart(drawn: Canvas) -> None:
    _put(drawn, 50, 800, "S T R A T E G I E   2 0 2 5", 16)
    _put(drawn, 50, 760, "NIEUW PACT", 16, spacing=7)
    _put(drawn, 50, 720, "Kies a b c d of e uit de lijst.")


def _initials(drawn: Canvas) -> None:
    _put(drawn, 38, 764, "D", 50)
    for row, line in enumerate(
        ("e regering en de partners", "komen elk jaar samen om", "alles te bespreken.")
    ):
        _put(drawn, 76, 790 - 13 * row, line)
    _put(drawn, 38, 664, "A", 50)
    for row, line in enumerate(("Bruxelles on parle deux", "langues et souvent plus", "encore.")):
        _put(drawn, 76, 690 - 13 * row, line)
    x = _put(drawn, 50, 600, "B", 14)
    x = _put(drawn, x, 600, "RUSSEL ", 10)
    _put(drawn, _put(drawn, x, 600, "H", 14), 600, "OOFDSTAD", 10)


def _accents_apart(drawn: Canvas) -> None:
    """As fonts of TeX without accented letters set them: the accent, a step back, the letter."""
    drawn._code.append(
        r"BT /F2 11 Tf 1 0 0 1 50 700 Tm [(Les r\264) 390 (egions \264) 390 (economiques, la No\250) 390 "
        r"(el, l'e) 390 (\264) 60 (cole, le signe a^b. Elles suivent les mesures prises.)] TJ ET"
    )


def typesetting() -> None:
    """What typesetting does to words, a kind on each page."""
    drawn = canvas("typesetting.pdf")
    for page in (
        _raised_signs,
        _hidden_text,
        _text_printed_again,
        _letters_apart,
        _initials,
        _accents_apart,
    ):
        drawn.setFont("Times-Roman", 10)
        page(drawn)
        drawn.showPage()
    drawn.save()


def counted(word: str, count: int) -> str:
    """Text of which every word has its number, so that a test can state its whole order."""
    return " ".join(f"{word}{number}" for number in range(1, count + 1)) + "."


def set_text(
    drawn: Canvas, x: float, y: float, width: float, text: str, size: float = 10.0, font: str = "Times-Roman"
) -> float:
    """Draw text in lines of at most this width; the baseline that follows the last one."""
    drawn.setFont(font, size)
    for line in simpleSplit(text, font, size, width):
        drawn.drawString(x, y, line)
        y -= 1.2 * size
    return y


def set_rows(drawn: Canvas, xs: Sequence[float], y: float, rows: Sequence[Sequence[str]]) -> float:
    """Draw the rows of a table, its first column from the left; the baseline that follows."""
    for row in rows:
        drawn.drawString(xs[0], y, row[0])
        for x, cell in zip(xs[1:], row[1:], strict=True):
            drawn.drawRightString(x, y, cell)
        y -= 14
    return y


def layouts() -> None:
    """One difficulty of reading order on each page, in words that count on."""
    drawn = canvas("layouts.pdf")
    for page in (
        _sections_of_columns,
        _footnotes_under_columns,
        _footnotes_under_the_page,
        _notes_in_the_margin,
        _headings_in_the_margin,
        _text_around_a_box,
        _a_table_in_a_column,
        _wrapped_cells,
        _columns_without_rules_in_a_ruled_table,
        _a_turned_table,
        _lists,
        _headings,
        _labels,
        _headings_of_two_columns,
        _footnotes_in_the_size_of_the_text,
        _headings_without_rules_over_ruled_columns,
        _ornaments,
        _a_table_in_a_frame,
    ):
        page(drawn)
        drawn.showPage()
    drawn.save()


def _sections_of_columns(drawn: Canvas) -> None:
    set_text(drawn, 50, 790, 500, "Eerste titel", 16, "Times-Bold")
    set_text(drawn, 50, 760, 252, counted("links", 130))
    set_text(drawn, 310, 760, 235, counted("rechts", 50))
    set_text(drawn, 50, 480, 500, "Tweede titel", 16, "Times-Bold")
    set_text(drawn, 50, 450, 150, counted("een", 60))
    set_text(drawn, 220, 450, 150, counted("twee", 90))
    set_text(drawn, 390, 450, 150, counted("drie", 70))


def _footnotes_under_columns(drawn: Canvas) -> None:
    set_text(drawn, 50, 790, 235, counted("links", 200).rstrip("."))
    set_text(drawn, 310, 790, 235, counted("rechts", 200))
    for x, mark in ((50, "1"), (310, "2")):
        set_text(drawn, x, 103, 20, mark, 5)
        set_text(drawn, x + 6, 100, 225, counted(f"noot{mark}x", 14), 8)


def _footnotes_under_the_page(drawn: Canvas) -> None:
    set_text(drawn, 50, 790, 235, counted("links", 100).rstrip("."))
    set_text(drawn, 310, 790, 235, counted("rechts", 100))
    for y, mark in ((120, "1"), (90, "2")):
        set_text(drawn, 50, y + 3, 20, mark, 5)
        set_text(drawn, 56, y, 490, counted(f"voet{mark}x", 24), 8)


def _notes_in_the_margin(drawn: Canvas) -> None:
    for y, number in ((790, 1), (600, 2), (410, 3)):
        set_text(drawn, 50, y, 370, counted(f"tekst{number}x", 90))
        set_text(drawn, 445, y - 31, 100, counted(f"kant{number}x", 9), 8)


def _headings_in_the_margin(drawn: Canvas) -> None:
    for y, number in ((790, 1), (600, 2), (410, 3)):
        set_text(drawn, 170, y, 370, counted(f"tekst{number}x", 90))
        set_text(drawn, 50, y, 100, counted(f"kop{number}x", 6).rstrip("."), 10)


def _text_around_a_box(drawn: Canvas) -> None:
    words = counted("tekst", 140).split()
    drawn.rect(300, 620, 240, 110)
    set_text(drawn, 310, 715, 220, "Kader " + counted("kader", 40))
    set_text(drawn, 50, 790, 490, " ".join(words[:60]))
    y = set_text(drawn, 50, 730, 235, " ".join(words[60:100]))
    set_text(drawn, 50, min(y, 606), 490, " ".join(words[100:]))


def _a_table_in_a_column(drawn: Canvas) -> None:
    set_text(drawn, 50, 790, 235, counted("boven", 70))
    drawn.setFont("Times-Roman", 10)
    set_rows(
        drawn,
        (50, 200, 270),
        620,
        (("Post", "2023", "2024"), ("Personeel", "1.200", "1.300"), ("Werking", "900", "950")),
    )
    set_text(drawn, 50, 560, 235, counted("onder", 70))
    set_text(drawn, 310, 790, 235, counted("rechts", 190))


def _wrapped_cells(drawn: Canvas) -> None:
    y = 790.0
    for cells in (
        ("Maatregel", "Toelichting", "Bedrag"),
        (
            "Steun aan de Brusselse bedrijven",
            "Een premie voor wie werk geeft. Actiris betaalt ze uit.",
            "1.200",
        ),
        ("Opleidingen Bruxelles Formation", "Wie leert behoudt zijn uitkering. Dat loopt af.", "350"),
        ("Totaal van het Plan voor de Toekomst", "", "1.550"),
    ):
        ends = [
            set_text(drawn, x, y, width, cell)
            for x, width, cell in zip((50, 180, 400), (100, 150, 80), cells, strict=True)
        ]
        y = min(ends) - 6
    set_text(drawn, 50, y - 30, 490, counted("daarna", 30))


def _columns_without_rules_in_a_ruled_table(drawn: Canvas) -> None:
    """Drawn cell by cell, with a narrow white strip between the frames of a row and the next."""
    drawn.setFont("Times-Roman", 10)
    rows = (
        ("Programma", ("", "", "")),
        ("Veiligheid", ("102", "204", "306")),
        ("Mens", ("11.652", "38.934", "27.281")),
        ("Bestuur", ("633", "4.171", "3.538")),
    )
    for number, (label, figures) in enumerate(rows):
        top = 790 - 40 * number
        for x, width in ((50, 120), (170, 180), (350, 180)):
            drawn.rect(x, top - 37, width, 37)
        drawn.drawString(55, top - 30, label)
        for x in (170, 350):
            for place, figure in enumerate(figures):
                drawn.drawRightString(x + 55 + 55 * place, top - 30, figure)
    for x, year in ((170, "2024"), (350, "2025")):
        drawn.drawCentredString(x + 90, 775, f"Begroting {year}")
        for place, name in enumerate(("baten", "lasten", "saldo")):
            drawn.drawRightString(x + 55 + 55 * place, 760, name)


def _a_turned_table(drawn: Canvas) -> None:
    set_text(drawn, 50, 800, 500, "Bijlage bij de begroting")
    drawn.translate(100, 100)
    drawn.rotate(90)
    drawn.setFont("Times-Roman", 10)
    rows = [("Post", "Lasten", "Baten"), *((f"Post{n}", f"{n}.100", f"{n}.200") for n in range(1, 8))]
    set_rows(drawn, (0, 200, 300), 0, rows)


def _lists(drawn: Canvas) -> None:
    for x, y, text in (
        (50, 790, "De raad besluit het volgende:"),
        (60, 778, "−"),
        (75, 778, "het verslag van de vergadering goed te keuren zoals het is opgesteld en"),
        (75, 766, "ondertekend;"),
        (60, 754, "−"),
        (75, 754, "de rekening vast te stellen."),
        (
            62,
            720,
            "(a) het eerste lid van dit artikel is van toepassing op alle personen die in het Gewest wonen",
        ),
        (50, 708, "of er werken, en op de ondernemingen die er gevestigd zijn;"),
        (62, 696, "(b) het tweede lid is van toepassing op anderen."),
        (50, 660, "1. Algemeen"),
        (60, 648, "1.1 Doel van het plan"),
        (60, 636, "1.2 Wie het uitvoert"),
        (50, 624, "2. Middelen"),
        (50, 590, "-Adopté à l'unanimité,"),
        (50, 578, "-Reporté à la séance suivante."),
    ):
        set_text(drawn, x, y, 500, text)


def _headings(drawn: Canvas) -> None:
    drawn.setFont("Times-Bold", 10)
    for row, line in enumerate(
        (
            "Een vette kop die te lang is voor de regel, zodat hij pas op de tweede eindigt, gezet met heel",
            "veel wit ertussen",
        )
    ):
        drawn.drawString(50, 790 - 19 * row, line)
    for y, text in (
        (745, counted("eerst", 60)),
        (660, "2.3.1 Bereik van het netwerk"),
        (636, counted("daarna", 60)),
        (560, "Artikel 12"),
        (536, counted("artikel", 60)),
    ):
        set_text(drawn, 50, y, 390, text)


def _labels(drawn: Canvas) -> None:
    drawn.setFont("Times-Roman", 10)
    y = 790.0
    for label, lines in (("A11", 0), ("A12", 3), ("A13", 0), ("A14", 2)):
        drawn.drawString(50, y, label)
        drawn.drawString(100, y, f"Titel van {label}")
        y -= 12
        for line in range(lines):
            drawn.drawString(100, y, f"Regel {line} bij {label} met wat die post betekent, zonder punt")
            y -= 12


def _headings_of_two_columns(drawn: Canvas) -> None:
    drawn.setFont("Times-Bold", 16)
    drawn.drawString(120, 790, "Annexe")
    drawn.drawRightString(475, 790, "Bijlage")
    drawn.setFont("Times-Roman", 10)
    set_rows(
        drawn,
        (50, 220, 370, 540),
        740,
        (
            ("Naam", "Partij", "Stem", "Zetel"),
            ("Arena", "rood", "voor", "12"),
            ("Brotchi", "blauw", "tegen", "7"),
        ),
    )


def _footnotes_in_the_size_of_the_text(drawn: Canvas) -> None:
    set_text(drawn, 50, 790, 490, counted("tekst", 80))
    for y, mark in ((700, "1"), (688, "2"), (640, "3")):
        set_text(drawn, 50, y + 4, 20, mark, 6)
        set_text(drawn, 56, y, 480, counted(f"noot{mark}x", 40 if mark == "2" else 12))


def _headings_without_rules_over_ruled_columns(drawn: Canvas) -> None:
    """The rules between the columns end under the headings."""
    xs = (50, 150, 280, 400)
    drawn.grid((xs[0], xs[-1]), (620, 740, 790))
    drawn.grid(xs, (620, 680, 740))
    for x, lines in (
        (55, ("Vennootschap",)),
        (155, ("Belang en", "stemrecht")),
        (285, ("Vermogen in", "euro")),
    ):
        for row, line in enumerate(lines):
            set_text(drawn, x, 775 - 12 * row, 200, line)
    for y, name, share, figure in (
        (725, "Alliander", "De gemeente heeft een belang van een half procent.", "105.300"),
        (665, "Dunea", "Het belang is twee procent en de stem telt mee.", "9.400"),
    ):
        set_text(drawn, 55, y, 90, name)
        set_text(drawn, 155, y, 110, share)
        drawn.drawRightString(390, y, figure)


def _ornaments(drawn: Canvas) -> None:
    """Lines over the whole page and through the words, which frame no cells."""
    for x in (120, 260, 400):
        drawn.line(x, 560, x, 830)
    for x in (180, 330):
        drawn.line(x, -10, x, 860)
    for y in (565, 640, 825):
        drawn.line(40, y, 560, y)
    set_text(drawn, 50, 790, 490, counted("boven", 90))
    set_text(drawn, 50, 620, 490, counted("onder", 50))
    set_rows(drawn, (50, 540), 500, (("Personeel", "1.200"), ("Werking", "900"), ("Totaal", "2.100")))


def _a_table_in_a_frame(drawn: Canvas) -> None:
    drawn.setFont("Times-Roman", 10)
    drawn.grid((40, 400, 560), (600, 700, 830))
    for x, y, text in (
        (50, 815, "Linksboven"),
        (410, 815, "Rechtsboven"),
        (50, 685, "Linksonder"),
        (410, 685, "Rechtsonder"),
    ):
        drawn.drawString(x, y, text)
    xs, ys = (60, 160, 260, 360), (710, 735, 760, 785)
    drawn.grid(xs, ys)
    for row, y in enumerate(ys[:-1]):
        for column, x in enumerate(xs[:-1]):
            drawn.drawString(x + 10, y + 8, f"cel{3 - row}{column + 1}")


def numbers_in_the_margin() -> None:
    """Page numbers beside the last line of the text, or a little under it."""
    drawn = canvas("numbers-in-the-margin.pdf")
    for page in range(1, 6):
        set_text(drawn, 100, 360, 350, counted(f"blad{page}x", 185))
        drawn.setFont("Times-Bold", 9)
        drawn.drawString(500, 72 if page % 2 else 68, str(page + 4))
        drawn.showPage()
    drawn.save()


MAKERS: tuple[Callable[[], None], ...] = (
    columns_drawn_row_by_row,
    three_columns,
    turned_and_cropped,
    hyphens_and_ligatures,
    tables,
    running_heads,
    numbers_without_labels,
    doubled_text,
    languages,
    scans,
    lying_text_layers,
    password,
    page_missing,
    no_pages,
    strange_characters,
    damaged_table_of_objects,
    unmapped_letters,
    layouts,
    typesetting,
    numbers_in_the_margin,
)

if __name__ == "__main__":
    for make in MAKERS:
        make()
