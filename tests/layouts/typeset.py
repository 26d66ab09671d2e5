"""Set a recipe with Typst, which breaks lines, columns and pages by rules of its own."""

import json
from functools import cache

import typst

from tests.layouts.recipe import SIDE_NOTE, SIDE_NOTE_SIZE, Element, Recipe
from tests.layouts.truth import marker

_INITIALS = """
#let initial(letter, words) = layout(area => {
  set par(first-line-indent: 0pt)
  // The words beside the letter: as many as two lines hold.
  let large = text(size: 2.6em, top-edge: "cap-height", bottom-edge: "baseline", letter)
  let beside = area.width - measure(large).width - 3pt
  let line = measure([x]).height
  let pitch = measure([x\\ x]).height - line
  let count = 1
  while count < words.len() {
    let tried = par(words.slice(0, count + 1).join(" "))
    if measure(block(width: beside, tried)).height > line + 1.5 * pitch { break }
    count += 1
  }
  block(above: 1.2em, below: par.leading, grid(columns: (auto, beside), column-gutter: 3pt, large,
    par(words.slice(0, count).join(" ") + linebreak(justify: true))))
  par(words.slice(count).join(" "))
})
"""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def set_by_typst(recipe: Recipe) -> bytes:
    """The document as PDF; the same recipe gives the same bytes."""
    pdf = typst.compile(source_of(recipe).encode(), font_paths=_fonts(), timestamp=0)
    assert isinstance(pdf, bytes)
    return pdf


def source_of(recipe: Recipe) -> str:
    """The document as Typst's own text."""
    has = recipe.features.__contains__
    language = recipe.elements[0].languages[0] if recipe.elements else "nl"
    spacing = f"{recipe.leading - 0.65}em" if recipe.is_indented else f"{recipe.leading - 0.65 + 0.6}em"
    indent = "1.2em" if recipe.is_indented else "0pt"
    page = [
        f"width: {recipe.page_width}pt, height: {recipe.page_height}pt",
        f"margin: (x: {recipe.margin}pt, y: 62pt), columns: {recipe.columns}",
        *_around(recipe),
    ]
    head = [
        f"#set page({', '.join(page)})",
        f"#set columns(gutter: {recipe.gutter}pt)",
        f'#set text(font: "{recipe.font}", size: {recipe.size}pt, lang: "{language}", '
        f"hyphenate: {_said(has('hyphenated'))}, costs: (widow: 0%, orphan: 0%))",
        f"#set par(justify: {_said(has('justified'))}, leading: {recipe.leading - 0.65}em, "
        f"spacing: {spacing}, first-line-indent: (amount: {indent}, all: true))",
        # An address that was hyphenated cannot be told from one that has the hyphen.
        '#show regex("\\S*(@|://)\\S*"): set text(hyphenate: false)',
        "#show heading: set text(size: 1.25em)",
        "#set table(inset: 4pt)",
    ]
    if has("line numbers"):
        step = 5 if len(recipe.elements) % 2 else 1
        head.append(f"#set par.line(numbering: n => if calc.rem(n, {step}) == 0 {{ text(7pt)[#n] }})")
    if any(element.has_initial for element in recipe.elements):
        head.append(_INITIALS)
    return "\n".join(head) + "\n\n" + "\n\n".join(_element(element, recipe) for element in recipe.elements)


def _said(is_so: bool) -> str:
    return "true" if is_so else "false"


def _text(text: str) -> str:
    """A text as it is, whatever signs it has."""
    return "#" + _string(text)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _around(recipe: Recipe) -> list[str]:
    """Running heads, page labels and stamps."""
    parts = []
    if any(recipe.heads):
        odd, even = (f"[{_text(head)}]" for head in recipe.heads)
        chosen = f"if calc.odd(here().page()) {{ align(right, {odd}) }} else {{ {even} }}"
        parts.append(f"header: context text(0.85em, {chosen})")
    if recipe.label:
        before, after = (_string(part) for part in recipe.label.split("{}"))
        parts.append(f"footer: context align(center, text(0.85em, {before} + str(here().page()) + {after}))")
    if "watermark" in recipe.features:
        place = "foreground" if len(recipe.elements) % 2 else "background"
        parts.append(
            f'{place}: rotate({recipe.stamp_angle}deg, text(50pt, fill: luma(80%), weight: "bold",'
            f" hyphenate: false, {_string(recipe.stamp)}))"
        )
    if "stamp" in recipe.features:
        stamp = f'text(15pt, fill: red, weight: "bold", hyphenate: false, {_string(recipe.stamp)})'
        parts.append(
            "foreground: context if here().page() == 1 "
            f"{{ rotate({recipe.stamp_angle}deg, box(stroke: 2pt + red, inset: 5pt, {stamp})) }}"
        )
    return parts


def _element(element: Element, recipe: Recipe) -> str:
    if element.kind == "paragraph":
        return _paragraph(element, recipe)
    first = _text(element.texts[0][0])
    if element.kind == "heading":
        inner = f"#text(tracking: 0.25em, hyphenate: false)[{first}]" if element.style else first
        return f"#heading[{inner}]"
    if element.kind == "bold line":
        return f'#block(sticky: true)[#text(weight: "bold", hyphenate: false)[{first}]]'
    if element.kind == "one-line paragraphs":
        lines = [
            f'#text(lang: "{element.languages[place % 2]}")[{_text(row[0])}]'
            for place, row in enumerate(element.texts)
        ]
        return "\n\n".join(lines)
    if element.kind == "list":
        return _list(element)
    if element.kind == "inset":
        return _inset(element)
    if element.kind == "table":
        return _table(element)
    return _form(element)


def _paragraph(element: Element, recipe: Recipe) -> str:
    sentences = [_text(sentence) for sentence in element.texts[0]]
    if element.has_initial:
        words = " ".join(element.texts[0]).split()
        rest = [word for word in (words[0][1:], *words[1:]) if word]
        listed = ", ".join(map(_string, rest))
        return f"#initial({_string(words[0][0])}, ({listed},))"
    if element.note and "footnotes" in recipe.features:
        sentences[0] += f"#footnote[{_text(element.note)}]"
    text = " ".join(sentences)
    if element.note and "side notes" in recipe.features:
        note = f"text({SIDE_NOTE_SIZE}em, par(justify: false)[{_text(element.note)}])"
        if len(element.texts[0]) % 2:
            return (
                f"#block(breakable: false, pad(left: -{SIDE_NOTE + 16}pt, grid(columns: ({SIDE_NOTE}pt, 1fr),"
                f" column-gutter: 16pt, {note}, [{text}])))"
            )
        return (
            f"#block(breakable: false, pad(right: -{SIDE_NOTE + 16}pt, grid(columns: (1fr, {SIDE_NOTE}pt),"
            f" column-gutter: 16pt, [{text}], {note})))"
        )
    return text


def _list(element: Element) -> str:
    rows = ", ".join(
        f"[{_text(marker(element.style, place))}], [{_text(row[0])}]"
        for place, row in enumerate(element.texts)
    )
    return f"#grid(columns: (1.8em, 1fr), row-gutter: 0.65em, {rows})"


def _inset(element: Element) -> str:
    text = f"[{' '.join(map(_text, element.texts[0]))}]"
    if element.style in ("top", "bottom"):
        box = f"block(width: 100%, stroke: 0.7pt, inset: 8pt, {text})"
        return f'#place({element.style}, float: true, scope: "parent", {box})'
    look = "stroke: 0.7pt" if element.style == "framed" else "fill: luma(92%)"
    return f"#block(width: 100%, inset: 8pt, breakable: false, {look}, {text})"


def _table(element: Element) -> str:
    cells = ", ".join(f"[{_text(cell)}]" for row in element.texts for cell in row)
    columns = len(element.texts[0])
    stroke = {"ruled": "0.5pt", "half-ruled": "(x: none, y: 0.5pt)", "bare": "none"}[element.style]
    return (
        f"#block[#set par(justify: false); #table(columns: {columns}, stroke: {stroke}, "
        f"align: (x, _) => if x == 0 {{ left }} else {{ right }}, {cells})]"
    )


def _form(element: Element) -> str:
    rows = []
    for label, value in element.texts:
        if element.style == "line":
            line = f"#box(width: 1fr, stroke: (bottom: 0.5pt), outset: (bottom: 2pt))[{_text(value)}]"
        else:
            sign = "." if element.style == "dots" else "_"
            line = f"#box(width: 1fr)[#place(dx: 4pt, dy: -0.12em)[{_text(value)}]#repeat[{_text(sign)}]]"
        rows.append(f"{_text(label)} {line}")
    return " \\\n".join(rows)
