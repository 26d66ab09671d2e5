"""How much does the reading of a page look like language, and can it be trusted?

Judged by word lists and letter triples of the archive's four languages, not by the length of the text: a text
layer that lost or shifted letters is as long as a good one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from archive.records import LEAST_HEALTH
from ingest.drawn_words import Mask
from ingest.language.clean_characters import DAMAGE
from ingest.language.lexicon import known, likeness

LEAST = LEAST_HEALTH
"""Health below which a reading is not trusted while another can be had.

Of 212 good pages of 20 documents in four languages 3 are below it (code, lists of authors); of the same
pages with one letter in 50 lost 84 %, one in 25 lost 98 %, every "fi", "fl" and "ti" lost 71 %, a space after
one letter in ten 99 %, accents taken for other letters (French) 97 %, letters shifted in the alphabet 100 %.
"""

_RUN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏĳ]+(?:[’'‘][A-Za-zÀ-ÖØ-öø-ɏĳ]+)*")
"""Latin letters, with apostrophes between them; the word lists have no other scripts."""
_CODE = re.compile(r"[\w\]]+[/\\@=<>$~|{}#&]+\w|\w[._:]\w|^[-/$~<>.]\w|\w\(\)|^\W*\w+\.\w+$")
"""Addresses, names of files, commands: no sign of how well the page was read."""
_ALONE = frozenset("aàâyoóuiéen")
"""Letters that are words in one of the languages; other single letters are bullets, initials or units."""
_WORD_LIKE = -5.0
"""Likeness above which an unknown word may be a word: a name, a rare word, a word of another language."""
_TRUST = 24.0
"""Letters of good text that are added to those of every page, so that three odd words on a title page do not
condemn it."""
_MOST_JUDGED = 20_000
"""Most words whose verdicts are cached."""


class _Verdict(NamedTuple):
    """What a word shows about the reading of its page."""

    good: int
    """Letters that are signs of a good reading."""
    bad: int
    """Letters that are signs of a bad reading, and signs in place of lost letters."""
    is_code: bool
    is_alone: bool
    """A single letter that is no word."""


_judged: dict[str, _Verdict] = {}
"""The words of earlier pages, because pages have most of their words in common."""


def health(texts: Sequence[str]) -> float:
    """The health of a page with these words, from 0 (noise) to 1.

    It is the share of good letters among good and bad ones. Good are those of known words of four letters or
    more. Bad are:

    - unknown words in lower case;
    - unknown words in capitals whose letters follow each other as in none of the languages (others may be
      names);
    - single letters in rows, as when a space follows every letter;
    - signs in place of lost letters.

    Numbers, addresses and code do not count.
    """
    verdicts = _verdicts(texts)
    good = sum([verdict.good for verdict in verdicts])
    bad = sum(_against(verdicts))
    return (good + _TRUST) / (good + bad + _TRUST)


def speaking_against(texts: Sequence[str]) -> Mask:
    """Whether each word speaks against its page."""
    return np.array(_against(_verdicts(texts)), dtype=np.int64) > 0


def best_health(texts: Sequence[str], is_sure: Mask) -> float:
    """The health that the page would have if all that speaks against it were misread, except in the words
    that are sure."""
    verdicts = _verdicts(texts)
    good = sum([verdict.good for verdict in verdicts])
    against = np.array(_against(verdicts), dtype=np.int64)
    total = good + float(against.sum()) + _TRUST
    return (total - float(against[is_sure].sum())) / total


def _against(verdicts: Sequence[_Verdict]) -> list[int]:
    """For each word how many letters speak against the page; single letters in rows do, too."""
    against = [verdict.bad for verdict in verdicts]
    if any(verdict.is_alone for verdict in verdicts):
        places = [place for place, verdict in enumerate(verdicts) if not verdict.is_code]
        for place in _in_rows([verdicts[place].is_alone for place in places]):
            against[places[place]] += 1
    return against


def _verdicts(texts: Sequence[str]) -> list[_Verdict]:
    different = dict.fromkeys(texts)
    if len(_judged) > _MOST_JUDGED:
        _judged.clear()
    new = [text for text in different if text not in _judged]
    _judged.update(zip(new, _judge(new), strict=True))
    return list(map(_judged.__getitem__, texts))


def _judge(texts: Sequence[str]) -> Iterator[_Verdict]:
    """The verdict on each of these words."""
    are_code = [not _is_plain(text) and _CODE.search(text) is not None for text in texts]
    words, places = [], []
    for place, text in enumerate(texts):
        for run in () if are_code[place] else [text] if _is_plain(text) else _RUN.findall(text):
            if len(run) > 1:
                words.append(run)
                places.append(place)
    lengths = np.array([len(word) for word in words], dtype=np.int64)
    is_long = lengths >= 4
    is_known = known(words)
    unknown = np.flatnonzero(~is_known).tolist()
    speaks_against = np.zeros(len(words), dtype=np.bool_)
    speaks_against[unknown] = likeness([words[place] for place in unknown]) < _WORD_LIKE
    for place in unknown:
        word = words[place]
        speaks_against[place] &= not (word.isupper() and len(word) <= 6)
        speaks_against[place] |= word[0].islower() and word[-1].islower() and len(word) >= 4
    good, bad = np.zeros((2, len(texts)), dtype=np.int64)
    np.add.at(good, places, lengths * (is_known & is_long))
    np.add.at(bad, places, lengths * speaks_against)
    for text, is_code, letters, lost in zip(texts, are_code, good.tolist(), bad.tolist(), strict=True):
        is_alone = len(text) == 1 and text.isalpha() and text.lower() not in _ALONE
        yield _Verdict(letters, lost + len(DAMAGE.findall(text)), is_code, is_alone)


def _is_plain(text: str) -> bool:
    """Whether a word has nothing but the letters from A to Z, as most have; it is no code and one run."""
    return text.isascii() and text.isalpha()


def _in_rows(are_alone: Sequence[bool]) -> list[int]:
    """The places of single letters that are next to another one."""
    around = [False, *are_alone, False]
    return [place for place, here in enumerate(are_alone) if here and (around[place] or around[place + 2])]
