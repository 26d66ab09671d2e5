"""Translates characters of symbol fonts such as Wingdings and Symbol, which files give as other characters.

Such a font has its own code for each sign. A file that does not explain its codes gives ``F0A8`` or ``¨`` for
the empty box of Wingdings that readers see.
"""

import re
from collections.abc import Mapping

_PRIVATE = 0xF000
"""The first of the 256 codes that files use for a symbol font (the symbol encoding of TrueType)."""


def _codes(first: int, signs: str) -> dict[int, str]:
    return {first + place: sign for place, sign in enumerate(signs) if sign != " "}


_WINGDINGS = {
    **_codes(0x21, "🖉✂✁👓🔔🕮🕯☎✆✉"),
    **_codes(0x36, "⌛"),
    **_codes(0x3F, "✍"),
    **_codes(0x41, "✌👌👍👎☜☞☝☟✋☺😐☹💣☠⚐"),
    **_codes(0x51, "✈☼💧❄✝✞✠✡☪☯"),
    **_codes(0x5E, "♈♉♊♋♌♍♎♏♐♑♒♓"),
    **_codes(0x6C, "●❍■□□❑❒◆◆◆❖◆☒⍓⌘❀✿“”"),
    **_codes(0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    **_codes(0x9E, "·•▪○○○◉◎○▪□"),
    **_codes(0xAA, "✦★✶✴✹✵"),
    **_codes(0xB5, "✪✰"),
    **_codes(0xD5, "⌫⌦ ➢   ➲  ←→↑↓↖↗↙↘←→↑↓↖↗↙↘⇦⇨⇧⇩⇔⇕"),
    **_codes(0xF9, "▫▫✗✓☒☑"),
}
_WINGDINGS_2 = {
    **_codes(0x45, "☞"),
    **_codes(0x4F, "✗✓☒☑☒☒"),
    **_codes(0x69, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"),
    **_codes(0x96, "●●●●○○◉◎◉⦿▪■□"),
    **_codes(0xA0, "■■■□□□"),
}
_WINGDINGS_3 = {
    **_codes(0x66, "←→↑↓↖↗↙↘"),
    **_codes(0x70, "▲▼△▽◀▶◁▷◣◢◤◥"),
    **_codes(0x7D, "▶"),
    **_codes(0x84, "◀▶▲▼"),
}
_WEBDINGS = {
    **_codes(0x33, "◀▶▲▼"),
    **_codes(0x61, "✓"),
    **_codes(0x63, "□"),
    **_codes(0x67, "■"),
    **_codes(0x6E, "●"),
    **_codes(0x72, "✗"),
    **_codes(0x78, "✗"),
    **_codes(0x3D, "●"),
}
_SYMBOL = {
    **_codes(0x22, "∀ ∃"),
    **_codes(0x27, "∋"),
    **_codes(0x2A, "∗"),
    **_codes(0x2D, "−"),
    **_codes(0x40, "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"),
    **_codes(0x5C, "∴"),
    **_codes(0x5E, "⊥"),
    **_codes(0x61, "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"),
    **_codes(0x7E, "∼"),
    **_codes(0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…"),
    **_codes(0xC0, "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊"),
    **_codes(0xE5, "∑"),
    **_codes(0xF2, "∫"),
}

_FONTS = (
    (re.compile(rb"(?i)wing ?dings[ -]?2"), _WINGDINGS_2),
    (re.compile(rb"(?i)wing ?dings[ -]?3"), _WINGDINGS_3),
    (re.compile(rb"(?i)wing ?dings"), _WINGDINGS),
    (re.compile(rb"(?i)webdings"), _WEBDINGS),
    (re.compile(rb"(?i)^symbol"), _SYMBOL),
)
BY_PRIVATE_CODE = {chr(_PRIVATE + code): sign for code, sign in (_WINGDINGS | {0xB7: "•", 0x2D: "-"}).items()}
"""What private codes mean in a font whose name says nothing: mostly bullets, those of Wingdings or `•`."""

SIGNS = frozenset(
    sign
    for table in (_WINGDINGS, _WINGDINGS_2, _WINGDINGS_3, _WEBDINGS)
    for sign in table.values()
    if sign not in "“”·"
) | frozenset("•▪▫◦‣⁃☐➔➤►❏❐✔✘")
"""Signs that are words of their own: bullets, boxes, arrows, check marks."""


def symbols_of(name: bytes) -> Mapping[int, str] | None:
    """What the characters of a font of this name mean where the file leaves it open, by their numbers; None
    for fonts of letters."""
    for pattern, table in _FONTS:
        if pattern.search(name):
            codes = {_code_of(code): sign for code, sign in table.items()}
            return codes | {_PRIVATE + code: sign for code, sign in table.items()}
    return None


def _code_of(code: int) -> int:
    """The number of the character that a file gives for a code which it takes for one of Windows' Latin."""
    try:
        return ord(bytes([code]).decode("cp1252"))
    except UnicodeDecodeError:
        return code
