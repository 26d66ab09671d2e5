"""What `make run` does where Tesseract is missing: installs it where it may, else says how, and goes on."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = "tesseract-ocr tesseract-ocr-nld tesseract-ocr-fra tesseract-ocr-deu tesseract-ocr-eng"
TESSERACT = "#!/bin/sh\necho List of available languages:\nprintf '%s\\n' {languages}\n"

Machine = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Runs the script on a machine that has nothing but what a folder holds, apt-get among it if told so."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "cat", "chmod", "cp", "grep"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)

    def put(name: str, script: str) -> None:
        path = programs / name
        path.write_text(script)
        path.chmod(0o755)

    def run(
        *, user: int, languages: str = "", apt_get: str | None = None
    ) -> "subprocess.CompletedProcess[str]":
        put("id", f"#!/bin/sh\necho {user}\n")
        if languages:
            put("tesseract", TESSERACT.format(languages=languages))
        (tmp_path / "tesseract").write_text(TESSERACT.format(languages="deu eng fra nld osd"))
        if apt_get is not None:
            put("apt-get", f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n{apt_get}\n')
        return subprocess.run(
            [programs / "bash", ROOT / "system-packages.sh", "run"],
            env={"PATH": str(programs)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


INSTALLS = "[ $1 = install ] || exit 0; cp tesseract bin/tesseract && chmod +x bin/tesseract"
FAILS = "[ $1 = install ] || exit 0; echo 'E: Unable to locate package' >&2; exit 100"


def asked(folder: Path) -> list[str]:
    """What apt-get was told to do."""
    file = folder / "asked"
    return [line.split()[0] for line in file.read_text().splitlines()] if file.exists() else []


def test_a_machine_that_has_it_is_left_alone(machine: Machine, tmp_path: Path) -> None:
    done = machine(user=0, languages="deu eng fra nld", apt_get=FAILS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert asked(tmp_path) == []


@pytest.mark.parametrize("languages", ["", "eng osd"])
def test_root_gets_it_installed_and_is_told_on_one_line(
    machine: Machine, tmp_path: Path, languages: str
) -> None:
    done = machine(user=0, languages=languages, apt_get=INSTALLS)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    assert "Tesseract" in done.stdout
    assert PACKAGES in done.stdout
    assert asked(tmp_path) == ["update", "install"]
    assert (tmp_path / "asked").read_text().rstrip().endswith(PACKAGES)


@pytest.mark.parametrize(
    ("user", "apt_get", "expected"),
    [(1000, INSTALLS, []), (0, None, []), (0, FAILS, ["update", "install"])],
    ids=["not root", "no apt-get", "apt-get fails"],
)
def test_where_it_cannot_be_installed_the_line_to_type_is_shown_and_the_start_goes_on(
    machine: Machine, tmp_path: Path, user: int, apt_get: str | None, expected: list[str]
) -> None:
    done = machine(user=user, apt_get=apt_get)
    assert done.returncode == 0
    line = f"    apt-get update && apt-get install --yes --no-install-recommends {PACKAGES}"
    assert line in done.stdout.splitlines()
    assert asked(tmp_path) == expected


@pytest.mark.parametrize(("arguments", "is_set_up"), [([], True), (["OCR=no"], False)])
def test_make_run_sets_it_up_unless_told_not_to(
    tmp_path: Path, arguments: list[str], is_set_up: bool
) -> None:
    """Only the step of OCR is run, in a folder where the script leaves a word instead."""
    environment = {"PATH": os.environ["PATH"]}  # without what a make that runs the tests hands down
    (tmp_path / "system-packages.sh").write_text('echo "asked for $1"\n')
    steps = subprocess.run(
        ["make", "--dry-run", "run"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert "system-packages.sh run" in steps
    done = subprocess.run(
        ["make", "--no-print-directory", f"--makefile={ROOT / 'Makefile'}", "ocr", *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == ("asked for run\n" if is_set_up else "")
