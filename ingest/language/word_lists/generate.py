"""Make the word lists and letter statistics from the data of ``wordfreq``.

``python -m ingest.language.word_lists.generate FOLDER``, where FOLDER is ``wordfreq/data`` of an unpacked
``wordfreq`` 3.1.1 (and ``msgpack`` is installed). For each language two files: ``<language>.words.npy``
and ``<language>.triples.npy``, as :mod:`ingest.language.lexicon` reads them.
"""

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

import msgpack
import numpy as np
import numpy.typing as npt

from archive.languages import LANGUAGES
from ingest.language.lexicon import FOLDER, fingerprint, letter_codes, lexical_form

RAREST = 700
"""In hundredths of a factor ten below one: words with a frequency of 10⁻⁷ or more. Rarer ones are, ever more
often, the misspellings of the web."""
_SMOOTHING = 0.02


def listed_words(path: Path) -> Iterator[str]:
    """The words of a list of ``wordfreq``, the most frequent first, down to the rarest that is taken."""
    with gzip.open(path) as file:
        _header, *buckets = msgpack.load(file, raw=False)
    for bucket in buckets[:RAREST]:
        for word in bucket:
            if word.replace("'", "").replace("-", "").isalpha():
                yield lexical_form(word)


def statistics_of(words: list[str]) -> npt.NDArray[np.uint8]:
    """-8 log2 P(third | first, second) over these words, each counted once, as bytes."""
    counts = np.zeros((64, 64, 64))
    for word in words:
        codes = [0, 0, *letter_codes(word), 0]
        np.add.at(counts, (codes[:-2], codes[1:-1], codes[2:]), 1)
    single = counts.sum(axis=(0, 1)) + 1
    smoothed = counts + _SMOOTHING * 64 * single / single.sum()
    chances = smoothed / smoothed.sum(axis=2, keepdims=True)
    eighths: npt.NDArray[np.float64] = np.clip(np.rint(-8 * np.log2(chances)), 0, 255)
    return eighths.astype(np.uint8)


def main(data: Path) -> None:
    for language in LANGUAGES:
        words = list(listed_words(data / f"large_{language}.msgpack.gz"))
        numbers = np.unique(np.array([fingerprint(word) for word in words], dtype=np.uint32))
        np.save(FOLDER / f"{language}.words.npy", numbers)
        np.save(FOLDER / f"{language}.triples.npy", statistics_of(words))
        print(f"{language}: {len(numbers)} words")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
