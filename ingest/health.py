"""How much does what was read from a page look like language, and may it be trusted?

Word lists and letter triples of the archive's four languages are asked, not the length of the text: a
layer that lost or shifted letters is as long as a good one.
"""

import re
from collections.abc import Sequence

import numpy as np

from archive.records import LEAST_HEALTH
from ingest.lexicon import known, likeness

LEAST = LEAST_HEALTH
"""Health below which a reading is not trusted while another can be had.

Of 212 good pages of 20 documents in four languages 3 are below it (code, lists of authors); of the same
pages with one letter in 50 lost 84 %, one in 25 lost 98 %, every "fi", "fl" and "ti" lost 71 %, a space after
one letter in ten 99 %, accents taken for other letters (French) 97 %, letters shifted in the alphabet 100 %.
"""

_RUN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏĳ]+(?:[’'‘][A-Za-zÀ-ÖØ-öø-ɏĳ]+)*")
"""Latin letters, with the apostrophes between them; of other scripts the word lists know nothing."""
_CODE = re.compile(r"[\w\]]+[/\\@=<>$~|{}#&]+\w|\w[._:]\w|^[-/$~<>.]\w|\w\(\)|^\W*\w+\.\w+$")
"""Addresses, names of files, commands: a language of their own that says nothing of the page's."""
_DAMAGE = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f¤¬¦¨¯¸´`^~\\{}|]|\(cid:\d+\)|[ÃÂ][\x80-¿]")
"""Signs that no text of an administration needs, each a letter lost."""
_ALONE = frozenset("aàâyoóuiéen")
"""Letters that are words, in one language or another; others stand alone in lists, as initials and units."""
_WORD_LIKE = -5.0
"""Likeness above which an unknown word could be one: names, rare words, words of other languages."""
_TRUST = 24.0
"""Letters of good text that every page is taken to have besides its own, so that three odd words on a title
page do not condemn it."""


def health(texts: Sequence[str]) -> float:
    """The health of a page with these words, from 0 (noise) to 1.

    The share of letters in known words among those in words that say something. Known words of four letters
    or more speak for the page; against it speak unknown ones in lower case, and in capitals if their letters
    follow each other as in none of the languages (else they are names, which say nothing), single letters in
    rows, as when a space follows every letter, and signs that stand for letters lost. Numbers, addresses and
    code say nothing.
    """
    plain = [text for text in texts if not _CODE.search(text)]
    runs = [run for text in plain for run in _RUN.findall(text)]
    words = [run for run in runs if len(run) > 1]
    lengths = np.array([len(word) for word in words], dtype=np.float64)
    is_long = lengths >= 4
    is_known = known(words)
    is_noise = likeness(words) < _WORD_LIKE
    is_lower = np.array([word[-1].islower() and word[0].islower() for word in words], dtype=np.bool_)
    is_short_name = np.array([word.isupper() and len(word) <= 6 for word in words], dtype=np.bool_)
    speaks_against = ~is_known & ((is_noise & ~is_short_name) | (is_lower & is_long))
    good = float(lengths[is_known & is_long].sum())
    bad = float(lengths[speaks_against].sum())
    bad += _letters_in_rows(plain) + sum(len(_DAMAGE.findall(text)) for text in texts)
    return (good + _TRUST) / (good + bad + _TRUST)


def _letters_in_rows(texts: Sequence[str]) -> int:
    """How many single letters have another one beside them."""
    is_single = [len(text) == 1 and text.isalpha() and text.lower() not in _ALONE for text in texts]
    around = [False, *is_single, False]
    return sum(here and (around[place] or around[place + 2]) for place, here in enumerate(is_single))
