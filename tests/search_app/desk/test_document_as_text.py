"""A document as the command line shows it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.records import Description
from search_app.desk.document_as_text import as_text
from tests.surroundings.reading_room import ReadingRoom, make_page

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("locale", ["nl_BE.UTF-8", "zz_ZZ.UTF-8"])
def test_sizes_are_english_whatever_the_machine_is_set_to(locale: str) -> None:
    """Also where it is set to a language that nobody knows."""
    show = "from search_app.web.display_names import file_size; print(file_size(12_345_678))"
    environment = {**os.environ, "LC_ALL": locale, "PYTHONPATH": str(ROOT)}
    shown = subprocess.run([sys.executable, "-c", show], env=environment, capture_output=True, text=True)
    assert (shown.stdout, shown.stderr) == ("12.3 MB\n", "")


def test_a_plan_that_the_list_of_plans_lacks_is_named_all_the_same(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    page = make_page(1, [("paragraph", "nl", "De regering wil de werkgelegenheid laten groeien.")])
    document = room.add([page], Description(plan="new-deal"), is_indexed=False)
    room.close()
    assert "\nPlan                new-deal\n" in as_text(document, None, None, [], "http://localhost")
