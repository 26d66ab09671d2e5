"""Addresses that are broken at a line end: of web pages, e-mail and publications (DOI).

Typesetters break them anywhere and usually add no hyphen, so a hyphen at the break belongs to the address.
"""

import re

from ingest.language.clean_characters import SOFT_HYPHEN

_START = re.compile(r"https?:|ftp:|www\.|doi:|10\.\d{4,}/", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?:|ftp:)//?\S*|www\.\S*|doi:\S+|10\.\d{4,}/\S*|[\w.+-]+@[\w.-]*|[\w-]+(?:\.[\w-]+)+/\S*",
    re.IGNORECASE,
)
_SIGNS_OF_ONE = ("@", "/", "http:", "https:", "ftp:", "www.", "doi:")
"""What an address has at least one of."""
_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+\.")
_OPENING = "([{<«“‘\"'„"
_CLOSING = ")]}>»”’\"',;!?"
_GOES_ON = ("/", "-", "_", "@", "=", "&", "%", "#", "?", "~", "+", ":", "\u2010", SOFT_HYPHEN)
"""What an address does not end with, so the next line goes on with it; a slash may end it, see below."""
_STOPPED = re.compile(r"[)\]}>»”’\"']:$")
_COLON = re.compile(r"(?<!http)(?<!https)(?<!ftp)(?<!doi):$", re.IGNORECASE)
"""A colon behind an address: the sentence goes on, or the number of a port follows."""
_JOINT = re.compile(r"[/_=@%#&]|[\w-][.-][\w-]")
"""What stands between the parts of an address and seldom between words."""
_PATH = re.compile(r"[./?&=#_%@~]")
_TOP_LEVEL = re.compile(
    r"(?:be|brussels|vlaanderen|gent|nl|fr|lu|de|uk|eu|com|org|net|info|int|gov|edu|io)\b(?!-)", re.IGNORECASE
)
_FOLDER = re.compile(r"[^/:]/.*[^/]/$")
"""The end of an address that has at least one folder behind its host."""
_SENTENCE_STOP = re.compile(r"[.,;:!?)\]}»”\"']*$")


def may_hold_address(text: str) -> bool:
    """Whether a text of any length may have an address in it; most have none, and need no further look."""
    small = text.lower()
    return any(sign in small for sign in _SIGNS_OF_ONE)


def is_address(text: str) -> bool:
    """Whether a word is the address of a page, a mailbox or a publication, or its beginning."""
    return _ADDRESS.match(text.lstrip(_OPENING)) is not None


def may_be_cut(first: str, second: str) -> bool:
    """Whether `first` begins an address that may go on with `second`, or ends in a hyphen that is of the
    mailbox in `second`: "dienst-" and "onthaal@gewest.example"."""
    is_mailbox = first.endswith(("-", "_", "\u2010", SOFT_HYPHEN)) and _MAILBOX.match(second) is not None
    return bool(second) and (is_address(first) or (is_mailbox and len(first) > 1))


def ends_in_folder(first: str) -> bool:
    """Whether it is an address that ends in a slash behind a folder of its host."""
    return is_address(first) and _FOLDER.search(first) is not None


def joined(first: str, second: str, *, is_word: bool) -> str | None:
    """The address of which a line ends in `first` and the next begins with `second`; None if it ends there.

    Args:
        is_word: whether `second` is a word of the language: where nothing else tells, a sentence goes on
            with it.
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
    # Cut in the middle: only what cannot be a word by itself goes on with it.
    return (_PATH.match(core) is not None and len(core) > 1) or (
        core[0].islower() and looks_like_address and not is_word
    )


def _is_pair_of_words(core: str, *, is_word: bool) -> bool:
    """Whether it is rather "en/of" or "sociaal-economisch" than part of an address."""
    return is_word and len(_JOINT.findall(core)) == 1
