"""The command line as a user has it: real processes, real PDFs, one archive from empty to exported.

The archive is made, and the site served, by a program that was installed from a wheel, in a folder that holds
nothing else. The other verbs are run by processes that have imported the sources already.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import bagit
import httpx
import pytest
from PIL import Image

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.demonstration import collection
from archive.files.presence import living
from archive.version import VERSION
from tests.surroundings.command_line import run_forked, start_forked
from tests.surroundings.installed_program import ROOMS, build_wheel, install

ROOT = Path(__file__).parents[2]
DEMONSTRATION = ROOT / "archive" / "demonstration"

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TERUGBLIK_") and name != "PYTHONPATH"
    }
    return {**kept, "TERUGBLIK_DATA": str(data), **more}


def terugblik(
    data: Path, *arguments: str | Path, stdin: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    return run_forked(tuple(map(str, arguments)), environment(data, **more), data.parent, stdin)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`terugblik`, installed from the wheel."""
    return install(wheel, tmp_path_factory.mktemp("installed") / "environment")


@pytest.fixture(scope="module")
def data(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with the demonstration collection; tests that change it work on a copy."""
    folder = tmp_path_factory.mktemp("archive") / "var"
    done = subprocess.run(
        [program, "demonstrate"],
        cwd=folder.parent,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=290,
    )
    assert done.returncode == 0, done.stderr
    taken_from = re.findall(r"^added +(\S+)\.pdf ", done.stdout, re.MULTILINE)
    assert {Path(file).is_relative_to(program.parents[1]) for file in taken_from} == {True}, done.stdout
    return folder


@pytest.fixture
def own_data(data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data, tmp_path / "var"))


def answer(done: subprocess.CompletedProcess[str], exit_code: int = 0) -> Any:
    assert done.returncode == exit_code, done.stderr
    return json.loads(done.stdout)


_NOT_SHIPPED = ("README.md", "babel.cfg", "template.typ", "texts/*.typ")
"""What nothing reads but people and the scripts that make what is shipped."""


def test_wheel_holds_every_module_and_all_data(wheel: Path) -> None:
    sources = [
        file
        for room in ROOMS
        for file in (ROOT / room).rglob("*")
        if file.is_file() and file.suffix not in {".pyc", ".mo"} and not any(map(file.match, _NOT_SHIPPED))
    ]
    catalogues = [file.with_suffix(".mo") for file in sources if file.suffix == ".po"]
    expected = {str(file.relative_to(ROOT)) for file in [*sources, *catalogues]} | {"terugblik.py"}
    with zipfile.ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert len(catalogues) == 3
    assert (expected - held, held - expected) == (set(), set())  # what is missing, what is too much
    assert wheel.name == f"terugblik-{VERSION}-py3-none-any.whl"


def test_demonstration_collection_is_taken_in_once(data: Path) -> None:
    documents = answer(terugblik(data, "list", "--json"))["documents"]
    assert len(documents) == len(collection())
    assert {document["status"] for document in documents} == {"ready"}
    assert all(document["is_demonstration"] for document in documents)
    assert terugblik(data, "demonstrate").returncode == 0
    assert len(answer(terugblik(data, "list", "--json"))["documents"]) == len(collection())


def test_page_images_are_made(data: Path) -> None:
    for document in answer(terugblik(data, "list", "--json"))["documents"]:
        images = list((data / "renditions" / document["id"]).glob("[0-9]*.*"))
        assert len(images) == document["pages"]


def test_add_says_so_if_images_are_still_to_be_drawn(own_data: Path) -> None:
    held = collection()[0].path
    identifier = hashlib.sha256(held.read_bytes()).hexdigest()[:16]
    assert "drawn" not in terugblik(own_data, "add", held).stderr
    with Catalogue.open(f"sqlite:///{own_data / 'catalogue.sqlite'}") as catalogue:
        Queue(catalogue).enqueue(identifier, "render")
    told = terugblik(own_data, "add", held)
    assert (told.returncode, "duplicate" in told.stdout + told.stderr) == (0, True)
    assert "Page images of 1 of these documents are still to be drawn by a worker" in told.stderr


def test_search_finds_a_compound_by_its_part_and_filters(data: Path) -> None:
    found = answer(terugblik(data, "search", "werkgelegenheid", "--json", "--limit", "50"))
    assert found["total"] == len(found["hits"]) > 3
    marked = {part["text"].lower() for hit in found["hits"] for part in hit["snippet"] if part["mark"]}
    assert any(word.startswith("werkgelegenheids") for word in marked)
    assert all(hit["boxes"] for hit in found["hits"])
    filtered = answer(
        terugblik(data, "search", "werkgelegenheid", "--year", "2005-2011", "--language", "nl", "--json")
    )
    assert 0 < filtered["total"] < found["total"]
    assert {hit["year"] for hit in filtered["hits"]} <= {2005, 2011}
    assert {hit["language"] for hit in filtered["hits"]} == {"nl"}
    assert set(filtered["facets"]["year"]) > {"2005", "2011"}


def test_search_pages_through_all_hits_without_gap_or_double(data: Path) -> None:
    everything = answer(terugblik(data, "search", "brupartners", "--limit", "100", "--json"))["hits"]
    first = answer(terugblik(data, "search", "brupartners", "--limit", "3", "--json"))["hits"]
    second = answer(terugblik(data, "search", "brupartners", "--limit", "3", "--offset", "3", "--json"))[
        "hits"
    ]
    places = [(hit["document"], hit["page"], hit["language"]) for hit in everything]
    assert len(set(places)) == len(places) > 6
    assert [(hit["document"], hit["page"], hit["language"]) for hit in first + second] == places[:6]


def test_text_gives_blocks_words_and_boxes_that_lead_back_to_the_page(data: Path) -> None:
    hit = answer(terugblik(data, "search", "title:overleg brupartners", "--json"))["hits"][0]
    text = answer(terugblik(data, "text", hit["document"], "--page", str(hit["page"]), "--json"))
    page = text["pages"][0]
    assert {block["language"] for block in page["blocks"] if len(block["text"].split()) > 8} == {"nl", "fr"}
    for block in page["blocks"]:
        assert "".join(word["text"] for word in block["words"]) == "".join(block["text"].split())
        for word in block["words"]:
            x0, y0, x1, y1 = word["box"]
            assert 0 <= x0 < x1 <= page["width"]
            assert 0 <= y0 < y1 <= page["height"]


def test_quote_tells_verbatim_from_altered(data: Path) -> None:
    page = answer(terugblik(data, "search", "lang:fr title:deal emploi", "--json"))["hits"][0]
    blocks = answer(terugblik(data, "text", page["document"], "--page", str(page["page"]), "--json"))[
        "pages"
    ][0]
    words = max(
        (block["text"] for block in blocks["blocks"] if block["kind"] == "paragraph"), key=len
    ).split()
    sentence = " ".join(words[:14])
    verbatim = answer(terugblik(data, "quote", sentence, "--json"))
    assert verbatim["verdict"] == "verbatim"
    assert page["document"] in {match["document"] for match in verbatim["matches"]}
    altered = answer(terugblik(data, "quote", " ".join([*words[:6], "jamais", *words[7:14]]), "--json"))
    assert altered["verdict"] == "altered"
    assert altered["matches"][0]["differences"]
    nowhere = answer(terugblik(data, "quote", "quarante girafes mangent des crêpes bleues", "--json"))
    assert nowhere["verdict"] == "not found"


def test_add_says_what_became_of_every_file(own_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    plan = collection()[0].path
    shutil.copy(plan, folder / "a-duplicate.pdf")
    (folder / "b-empty.pdf").write_bytes(b"")
    (folder / "c-page.pdf").write_text("<!doctype html><title>404</title>")
    # Bytes after the end of a PDF make another file of it, which reads the same.
    (folder / "d-new-2011.pdf").write_bytes(plan.read_bytes() + b"\n% another copy\n")
    done = terugblik(own_data, "add", folder, "--plan", "new-deal", "--json")
    assert done.returncode == 3
    rows = {Path(row["file"]).name: row for row in map(json.loads, done.stdout.splitlines())}
    assert {name: row["status"] for name, row in rows.items()} == {
        "a-duplicate.pdf": "duplicate",
        "b-empty.pdf": "failed",
        "c-page.pdf": "failed",
        "d-new-2011.pdf": "added",
    }
    assert "empty" in rows["b-empty.pdf"]["reason"]
    assert set(rows["d-new-2011.pdf"]) == {
        "file",
        "id",
        "status",
        "pages",
        "languages",
        "ocr_pages",
        "reason",
        "coded_warnings",
    }
    new = answer(terugblik(own_data, "show", rows["d-new-2011.pdf"]["id"], "--json"))
    assert (new["plan"], new["year"], new["status"]) == ("new-deal", 2011, "ready")
    assert [event["type"] for event in new["events"]].count("ingestion") == 1
    shown = terugblik(own_data, "show", new["id"]).stdout
    assert f"\nIdentifier          {new['id']}\nStatus              ready\n" in shown
    assert "(new-deal)\n" in shown
    assert "  added to the archive (command line)\n" in shown
    assert "_" not in shown.replace(new["filename"], ""), "names of fields are no words"


def test_withdrawn_document_is_kept_but_not_found_and_comes_back(own_data: Path) -> None:
    hits = answer(terugblik(own_data, "search", "lang:en", "--json"))
    document = hits["hits"][0]["document"]
    withdrawn = terugblik(own_data, "withdraw", document, "--reason", "superseded", "--json")
    assert answer(withdrawn)["status"] == "withdrawn"
    after = answer(terugblik(own_data, "search", "lang:en", "--json", "--limit", "100"))
    assert document not in {hit["document"] for hit in after["hits"]}
    assert answer(terugblik(own_data, "check", "--json"))["ok"]
    assert answer(terugblik(own_data, "restore", document, "--json"))["status"] == "ready"
    again = terugblik(own_data, "withdraw", document, "--reason", "once more")
    assert again.stdout == f"{document}: readers do not see it, but are told why.\n"
    assert terugblik(own_data, "restore", document).stdout == f"{document}: readers see it.\n"
    assert answer(terugblik(own_data, "search", "lang:en", "--json"))["total"] == hits["total"]


def test_reindex_finds_the_same(own_data: Path) -> None:
    before = answer(terugblik(own_data, "search", "emploi", "--json"))
    shutil.rmtree(own_data / "index")
    missing = terugblik(own_data, "search", "emploi", "--json")
    assert "reindex" in answer(missing, missing.returncode)["error"]["hint"]
    assert terugblik(own_data, "reindex").returncode == 0
    after = answer(terugblik(own_data, "search", "emploi", "--json"))
    assert [hit["url"] for hit in after["hits"]] == [hit["url"] for hit in before["hits"]]
    assert after["facets"] == before["facets"]


def test_check_finds_a_changed_a_lost_and_a_strange_file(own_data: Path) -> None:
    originals = sorted((own_data / "originals").rglob("*.pdf"))
    changed, lost = originals[:2]
    changed.chmod(0o644)
    content = bytearray(changed.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    lost.unlink()
    (own_data / "originals" / "holiday.jpg").write_bytes(b"x")
    report = answer(terugblik(own_data, "check", "--json"), exit_code=5)
    assert not report["ok"]
    assert sorted(problem["kind"] for problem in report["problems"]) == [
        "ChecksumMismatch",
        "FileMissing",
        "UnexpectedFile",
    ]
    assert {problem["kind"]: problem["truth"] for problem in report["problems"]} == {
        "ChecksumMismatch": True,
        "FileMissing": True,
        "UnexpectedFile": True,
    }
    assert report["recorded"]
    for original, kind in ((changed, "ChecksumMismatch"), (lost, "FileMissing")):
        shown = answer(terugblik(own_data, "show", original.stem[:16], "--json"))
        assert shown["damage"]["kind"] == kind
        assert shown["damage"]["since"] == shown["events"][0]["at"][:10] + shown["damage"]["since"][10:]
        assert shown["events"][0]["after"]["outcome"] == "damaged"
    assert "original damaged: FileMissing" in terugblik(own_data, "list").stdout
    refused = terugblik(own_data, "export", changed.stem[:16], "--bag", own_data.parent / "bag")
    assert refused.returncode == 5
    assert "has been changed on disk" in refused.stderr
    before = terugblik(own_data, "text", changed.stem[:16]).stdout
    assert terugblik(own_data, "reread", changed.stem[:16]).returncode == 3
    assert terugblik(own_data, "text", changed.stem[:16]).stdout == before


def test_check_repairs_what_can_be_made_again_and_puts_back_what_a_backup_holds(
    own_data: Path, tmp_path: Path
) -> None:
    sound = answer(terugblik(own_data, "check", "--json"))
    assert sound["problems"] == []
    originals = sorted((own_data / "originals").rglob("*.pdf"))
    changed, lost, gone = originals[:3]
    backup = tmp_path / "backup"
    backup.mkdir()
    for number, original in enumerate((lost, changed)):
        shutil.copy(original, backup / f"{number}.bin")
    changed.chmod(0o644)
    changed.write_bytes(gone.read_bytes())
    lost.unlink()
    gone.unlink()
    leftover = own_data / "originals" / "incoming-x.part"
    leftover.write_bytes(b"half")
    os.utime(leftover, (1e9, 1e9))
    images = own_data / "renditions" / changed.stem[:16]
    first_image = next(images.glob("1.*"))
    first_image.unlink()
    (own_data / "index" / "current").write_text("generation-none")
    (own_data / "words.npy").write_bytes(os.urandom(100))
    texts = sorted((own_data / "studies").glob("*/texts.*"))
    texts[0].unlink()
    texts[1].write_bytes(os.urandom(texts[1].stat().st_size))
    seen = answer(terugblik(own_data, "check", "--json"), exit_code=5)
    kinds = {(problem["kind"], problem["truth"]) for problem in seen["problems"]}
    assert {
        ("ChecksumMismatch", True),
        ("FileMissing", True),
        ("UnexpectedFile", False),
        ("ImageMissing", False),
        ("StudyMissing", False),
        ("StudyDamaged", False),
        ("DamagedWords", False),
    } <= kinds
    assert any(kind.endswith(("Index", "Version")) and not truth for kind, truth in kinds)
    assert all(problem["repair"] for problem in seen["problems"])
    done = answer(terugblik(own_data, "check", "--repair", "--from", backup, "--json"), exit_code=5)
    assert [(problem["kind"], problem["document"]) for problem in done["problems"]] == [
        ("FileMissing", gone.stem[:16])
    ]
    assert len(done["repaired"]) == len(seen["problems"]) - 1
    assert hashlib.sha256(changed.read_bytes()).hexdigest() == changed.stem
    assert hashlib.sha256(lost.read_bytes()).hexdigest() == lost.stem
    assert not leftover.exists()
    assert first_image.exists()
    assert all(path.exists() for path in texts)
    assert answer(terugblik(own_data, "search", "werkgelegenheid", "--json"))["total"] > 3
    told = terugblik(own_data, "check").stdout.splitlines()
    assert told[0] == "What cannot be made again:"
    assert told[-2] == f"{len(originals) - 1} files checked, 1 problems."
    assert told[-1].startswith("Next, for FileMissing: ")
    assert terugblik(own_data, "check", "--from", backup).returncode == 2
    assert terugblik(own_data, "check", "--repair", "--from", tmp_path / "none").returncode == 4


def test_check_goes_on_where_the_catalogue_cannot_be_read(own_data: Path) -> None:
    originals = sorted((own_data / "originals").rglob("*.pdf"))
    originals[0].chmod(0o644)
    originals[0].write_bytes(b"other")
    for name in ("catalogue.sqlite-wal", "catalogue.sqlite-shm"):
        (own_data / name).unlink(missing_ok=True)
    (own_data / "catalogue.sqlite").write_bytes(os.urandom(20_000))
    for more in ((), ("--repair",)):
        report = answer(terugblik(own_data, "check", "--json", *more), exit_code=5)
        assert not report["recorded"]
        assert report["checked"] == len(originals)
        assert {(problem["kind"], problem["document"]) for problem in report["problems"]} == {
            ("DamagedCatalogue", None),
            ("ChecksumMismatch", originals[0].stem[:16]),
        }


def test_correction_is_found_survives_a_reading_and_can_be_withdrawn(own_data: Path, tmp_path: Path) -> None:
    hit = answer(terugblik(own_data, "search", 'title:sociaal "werkgelegenheid"', "--json"))["hits"][0]
    page = (hit["document"], "--page", str(hit["page"]))

    def found(word: str) -> bool:
        hits = answer(terugblik(own_data, "search", f'"{word}"', "--json", "--limit", "99"))["hits"]
        return (page[0], hit["page"]) in {(hit["document"], hit["page"]) for hit in hits}

    written = tmp_path / "page.txt"
    written.write_text(terugblik(own_data, "text", *page).stdout, encoding="utf-8")
    edited = re.sub("werkgelegenheid", "gelukzaligheid", written.read_text("utf-8"), flags=re.IGNORECASE)
    assert answer(terugblik(own_data, "correct", *page, "-", "--json", stdin=edited))["changed"]
    assert (found("gelukzaligheid"), found("werkgelegenheid")) == (True, False)
    told = answer(terugblik(own_data, "reread", page[0], "--json"))
    assert (told["id"], told["status"]) == (page[0], "read")
    assert found("gelukzaligheid")
    assert terugblik(own_data, "text", *page).stdout == edited
    assert terugblik(own_data, "uncorrect", *page).returncode == 0
    assert found("werkgelegenheid")
    assert terugblik(own_data, "text", *page).stdout == written.read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "exit_code", "code"),
    [
        (b"[paragraph xx]\ntekst", 2, "wrong-correction"),
        (b"x" * 1_100_000, 2, "wrong-correction"),
        (b"\xff", 3, "bad-input-file"),
    ],
)
def test_wrong_correction_changes_nothing(
    data: Path, tmp_path: Path, content: bytes, exit_code: int, code: str
) -> None:
    document = answer(terugblik(data, "list", "--json"))["documents"][0]["id"]
    file = tmp_path / "page.txt"
    file.write_bytes(content)
    done = terugblik(data, "correct", document, "--page", "1", file, "--json")
    assert answer(done, exit_code)["error"]["code"] == code


def test_ocr_is_forbidden_and_left_to_the_program_again(own_data: Path) -> None:
    documents = answer(terugblik(own_data, "list", "--json"))["documents"]
    page = (next(one["id"] for one in documents if one["ocr_pages"]), "--page", "1")
    forbidden = answer(terugblik(own_data, "ocr", *page, "--forbid", "--json"))
    assert (forbidden["source"], forbidden["health"]["choice"]) == ("text layer", "ocr forbidden")
    assert not answer(terugblik(own_data, "text", *page, "--json"))["pages"][0]["blocks"]
    assert answer(terugblik(own_data, "ocr", *page, "--automatic", "--json"))["source"] == "ocr"
    assert terugblik(own_data, "ocr", *page, "--force", "--forbid").returncode == 2
    assert terugblik(own_data, "ocr", page[0], "--page", "99", "--force").returncode == 4


def test_export_is_a_valid_bag_with_the_original(data: Path, tmp_path: Path) -> None:
    document = answer(terugblik(data, "list", "--json"))["documents"][0]
    assert terugblik(data, "export", document["id"], "--bag", tmp_path / "bag").returncode == 0
    bagit.Bag(str(tmp_path / "bag")).validate()
    again = terugblik(data, "export", document["id"], "--bag", tmp_path / "bag", "--json")
    assert answer(again, exit_code=2)["error"]["hint"]


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (["show", "0000000000000000"], 4),
        (["text", "../../etc/passwd"], 4),
        (["correct", "0000000000000000", "--page", "1", "no-such-file.txt"], 4),
        (["uncorrect", "0000000000000000", "--page", "1"], 4),
        (["reread", "0000000000000000"], 4),
        (["reread"], 2),
        (["search", "emploi", "--plan", "five-year-plan"], 4),
        (["search", "emploi", "--year", "twenty"], 2),
        (["search", "emploi", "--limit", "0"], 2),
        (["add", "no-such-file.pdf"], 3),
        (["harvest", "no-such-page.html"], 3),
        (["add", "ftp://example.org/plan.pdf"], 2),
    ],
)
def test_wrong_input_ends_with_a_sentence_and_its_exit_code(
    data: Path, arguments: list[str], exit_code: int
) -> None:
    done = terugblik(data, *arguments)
    assert done.returncode == exit_code, done.stderr
    assert "Traceback" not in done.stderr
    assert (done.stdout + done.stderr).strip()


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "--json"],
        ["ocr", "0000000000000000", "--page", "one", "--force", "--json"],
        ["ocr", "0000000000000000", "--page", "1", "--force", "--forbid", "--json"],
        ["search", "emploi", "--language", "it", "--json"],
        ["user", "list", "els", "--json"],
        ["no-such-verb", "--json"],
        ["--json"],
    ],
)
def test_wrong_use_is_told_as_json(data: Path, arguments: list[str]) -> None:
    error = answer(terugblik(data, *arguments), exit_code=2)["error"]
    assert error["code"] == "usage"
    assert error["message"]
    assert error["hint"]


def test_json_is_no_option_after_a_double_dash(data: Path) -> None:
    done = terugblik(data, "list", "--", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: terugblik list")


def test_verbs_options_and_languages_are_completed(data: Path) -> None:
    def completed(typed: str) -> set[str]:
        more = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
        done = terugblik(data, _TERUGBLIK_COMPLETE="bash_complete", **more)
        assert done.returncode == 0, done.stderr
        return set(done.stdout.split())

    assert completed("terugblik re") == {
        f"plain,{verb}" for verb in ("recover", "reindex", "reread", "restore")
    }
    assert completed("terugblik user p") == {"plain,password"}
    assert completed("terugblik search x --langua") == {"plain,--language"}
    assert completed("terugblik search x --language f") == {"plain,fr"}
    assert "_TERUGBLIK_COMPLETE=bash_complete" in terugblik(data, "completion", "bash").stdout
    assert "complete" in answer(terugblik(data, "completion", "zsh", "--json"))["script"]


def test_wrong_setting_is_named(data: Path) -> None:
    done = terugblik(data, "list", TERUGBLIK_PORT="eight")
    assert done.returncode == 2
    assert "TERUGBLIK_PORT" in done.stderr


def test_account_is_made_once(own_data: Path) -> None:
    assert terugblik(own_data, "user", "add", "els", stdin="correct horse battery\n").returncode == 0
    assert terugblik(own_data, "user", "add", "els", stdin="correct horse battery\n").returncode == 2
    assert terugblik(own_data, "user", "add", "jan", stdin="short\n").returncode == 2


@pytest.fixture(scope="module")
def site(
    data: Path, program: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str, subprocess.Popen[str]]]:
    """`terugblik serve` on a free port, with a copy of the archive: data folder, address, process."""
    copied = Path(shutil.copytree(data, tmp_path_factory.mktemp("served") / "var"))
    process = subprocess.Popen(
        [program, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=copied.parent,
        env=environment(copied),
    )
    assert process.stdout
    address = next(word for word in process.stdout.readline().split() if word.startswith("http://")).rstrip(
        "/"
    )
    yield copied, address, process
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0


def test_signals_that_come_together_stop_the_site(own_data: Path, tmp_path: Path) -> None:
    for number in range(2):
        log = tmp_path / f"{number}.log"
        process = start_forked(("serve", "--port", "0"), environment(own_data), own_data.parent, log)
        try:
            until(lambda log=log: log.exists() and "http://" in log.read_text("utf-8"))
            for signal_number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT, signal.SIGINT):
                os.kill(process.pid, signal_number)
            process.join(60)
            assert process.exitcode == 0, log.read_text("utf-8")
        finally:
            process.kill()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_document_added_while_the_site_runs_is_found_on_it(
    site: tuple[Path, str, subprocess.Popen[str]], tmp_path: Path
) -> None:
    data, address, _ = site
    with httpx.Client(base_url=address) as client:
        shown = client.get("/fr/search", params={"q": "emploi"}).raise_for_status().text
        assert "Zoeken" in client.get("/nl/search").text
        assert "Rechercher" in shown
        for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', shown):
            assert client.get(file).raise_for_status().content
        before = client.get("/api/v1/search", params={"q": "emploi"}).raise_for_status().json()
        new = tmp_path / "copy.pdf"
        new.write_bytes(collection()[1].path.read_bytes() + b"\n% another copy\n")
        added = json.loads(terugblik(data, "add", new, "--json").stdout)
        assert added["status"] == "added"
        after = client.get("/api/v1/search", params={"q": "emploi"}).json()
        assert after["documents"] == before["documents"] + 1
        original = client.get(f"/original/{added['id']}.pdf")
        assert original.content == new.read_bytes()


def test_a_page_that_a_reader_enlarges_is_drawn_larger(
    site: tuple[Path, str, subprocess.Popen[str]],
) -> None:
    data, address, _ = site
    (held, *_others) = answer(terugblik(data, "list", "--json"))["documents"]
    with httpx.Client(base_url=address) as client:
        large = f"/page-image/{held['id']}/1.webp?size=large"
        assert client.get(large).raise_for_status().headers["Content-Location"]
        until(lambda: "Content-Location" not in client.head(large).headers)
        shown = client.get(large).raise_for_status()
        with Image.open(BytesIO(shown.content)) as image:
            assert max(image.size) == 3200
            assert image.get_format_mimetype() == shown.headers["Content-Type"]
        (kept,) = (data / "enlarged" / held["id"]).iterdir()
        kept.write_bytes(b"damaged")
        seen = answer(terugblik(data, "check", "--json"), exit_code=5)
        assert [(one["kind"], one["document"]) for one in seen["problems"]] == [("ImageDamaged", held["id"])]
        assert answer(terugblik(data, "check", "--repair", "--json"))["ok"]
        assert not kept.exists()
        until(lambda: client.get(large).content == shown.content)


def test_worker_that_is_killed_is_started_again(
    site: tuple[Path, str, subprocess.Popen[str]], tmp_path: Path
) -> None:
    data, _, _ = site

    def pid() -> int:
        """Of the worker that is at work."""
        return next((int(said.rpartition(":")[2]) for said in living(data).values() if said), 0)

    until(lambda: pid() != 0)
    first = pid()
    os.kill(first, signal.SIGKILL)
    until(lambda: pid() not in (0, first))
    new = tmp_path / "copy.pdf"
    new.write_bytes(collection()[0].path.read_bytes() + b"\n% yet another copy\n")
    assert json.loads(terugblik(data, "add", new, "--json").stdout)["status"] == "added"


def test_second_site_on_the_same_port_says_so(site: tuple[Path, str, subprocess.Popen[str]]) -> None:
    data, address, _ = site
    done = terugblik(data, "serve", "--port", address.rsplit(":", 1)[1])
    assert done.returncode == 6
    assert "Traceback" not in done.stderr
