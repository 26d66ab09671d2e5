"""Joins addresses that are broken at a line end: of web pages, mailboxes and publications (DOI).

Typesetters break them anywhere and usually add no hyphen, so a hyphen at the break is part of the address.
"""

import re

from ingest.language.clean_characters import SOFT_HYPHEN

_START = re.compile(r"https?:|ftp:|www\.|doi:|10\.\d{4,}/", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?:|ftp:)//?\S*|www\.\S*|doi:\S+|10\.\d{4,}/\S*|[\w.+-]+@[\w.-]*|[\w-]+(?:\.[\w-]+)+/\S*",
    re.IGNORECASE,
)
_SIGNS_OF_ONE = ("@", "/", "http:", "https:", "ftp:", "www.", "doi:")
"""Every address contains at least one of these."""
_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+\.")
_OPENING = "([{<«“‘\"'„"
_CLOSING = ")]}>»”’\"',;!?"
_GOES_ON = ("/", "-", "_", "@", "=", "&", "%", "#", "?", "~", "+", ":", "\u2010", SOFT_HYPHEN)
"""Signs at which an address does not end, so that it continues on the next line; for the slash see below."""
_STOPPED = re.compile(r"[)\]}>»”’\"']:$")
_COLON = re.compile(r"(?<!http)(?<!https)(?<!ftp)(?<!doi):$", re.IGNORECASE)
"""A colon after an address, which is part of the sentence unless the number of a port follows."""
_JOINT = re.compile(r"[/_=@%#&]|[\w-][.-][\w-]")
"""Signs that are common between the parts of an address, and rare between words."""
_PATH = re.compile(r"[./?&=#_%@~]")
_TOP_LEVEL = re.compile(
    r"(?:be|brussels|vlaanderen|gent|nl|fr|lu|de|uk|eu|com|org|net|info|int|gov|edu|io)\b(?!-)", re.IGNORECASE
)
_FOLDER = re.compile(r"[^/:]/.*[^/]/$")
"""The end of an address that has at least one folder after its host."""
_SENTENCE_STOP = re.compile(r"[.,;:!?)\]}»”\"']*$")


def may_hold_address(text: str) -> bool:
    """Whether a text may contain an address: a quick test, as most texts have none."""
    small = text.lower()
    return any(sign in small for sign in _SIGNS_OF_ONE)


def is_address(text: str) -> bool:
    """Whether a word is an address of a page, a mailbox or a publication, or the beginning of one."""
    return _ADDRESS.match(text.lstrip(_OPENING)) is not None


def may_be_cut(first: str, second: str) -> bool:
    """Whether two parts may be one address: the first part begins one, or it ends in a hyphen and a mailbox
    follows, as in "dienst-" and "onthaal@gewest.example"."""
    is_mailbox = first.endswith(("-", "_", "\u2010", SOFT_HYPHEN)) and _MAILBOX.match(second) is not None
    return bool(second) and (is_address(first) or (is_mailbox and len(first) > 1))


def ends_in_folder(first: str) -> bool:
    """Whether a word is an address that ends in a slash after a folder."""
    return is_address(first) and _FOLDER.search(first) is not None


def joined(first: str, second: str, *, is_word: bool) -> str | None:
    """The address made of the last word of a line and the first of the next; None if it ends with the line.

    Args:
        is_word: whether `second` is a word of the language. If nothing else shows that it is part of the
            address, it is taken for the next word of the sentence.
    """
    start = first[:-1] + "-" if first[-1] in (SOFT_HYPHEN, "\u2010") else first
    if not is_address(first):
        return start + second if may_be_cut(first, second) else None
    if first[-1] in _CLOSING.replace("?", "") or (_START.match(second) and not start.endswith("://")):
        return None
    if _STOPPED.search(first) or (_COLON.search(first) and not second[0].isdigit()):
        return None
    return start + second if _carries_on(start, second, is_word=is_word) else None


def _carries_on(start: str, second: str, *, is_word: bool) -> bool:
    core = _SENTENCE_STOP.sub("", second)
    if not core or second[0] in _OPENING:
        return False
    if start.endswith("://") or (start[-1] in _GOES_ON and start[-1] != "/"):
        return True
    looks_like_address = _JOINT.search(core) is not None and not _is_pair_of_words(core, is_word=is_word)
    if start[-1] == "/":
        return looks_like_address or core[0].isdigit() or not is_word
    if start[-1] == ".":
        return core[0].islower() and (looks_like_address or _TOP_LEVEL.match(core) is not None)
    # The address is cut within a part: it continues only with something that cannot be a word by itself.
    return (_PATH.match(core) is not None and len(core) > 1) or (
        core[0].islower() and looks_like_address and not is_word
    )


def _is_pair_of_words(core: str, *, is_word: bool) -> bool:
    """Whether this is a pair of words such as "en/of" or "sociaal-economisch", and not part of an address."""
    return is_word and len(_JOINT.findall(core)) == 1
