"""Counts the pages that a second PDF reader finds in a damaged file.

``python -m ingest.page.page_count FILE`` prints the number. It is a separate process because that reader
hangs on some damaged files, and what the first reader has read must not be lost then.
"""

import subprocess
import sys
from pathlib import Path

from ingest.page.pdf_words import count_pages_with_pdfplumber

_SECONDS = 15
_ROOT = Path(__file__).parents[2]


def count_pages(path: Path) -> int | None:
    """The number of pages that pdfplumber finds; None if it fails or takes too long."""
    command = [sys.executable, "-m", "ingest.page.page_count", str(path.absolute())]
    try:
        run = subprocess.run(command, cwd=_ROOT, capture_output=True, timeout=_SECONDS, check=True)
        return int(run.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        return None


if __name__ == "__main__":
    print(count_pages_with_pdfplumber(Path(sys.argv[1])))
