"""Terugblik as a package: a wheel, built from a copy of the sources, and a program installed from it.

Nothing is fetched: what Terugblik is built with and runs on comes from the environment that runs the tests.
"""

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("archive", "index", "ingest", "search_app")

_PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
_OFFLINE = ["--no-deps", "--no-index"]


def build_wheel(folder: Path) -> Path:
    """Build a wheel in `folder`, from sources without anything that was made of them; its path."""
    sources, wheels = folder / "sources", folder / "wheels"
    for room in ROOMS:
        shutil.copytree(ROOT / room, sources / room, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    for name in ("terugblik.py", "pyproject.toml", "setup.cfg", "README.md"):
        shutil.copy(ROOT / name, sources)
    _run([*_PIP, "wheel", *_OFFLINE, "--no-build-isolation", "--wheel-dir", str(wheels), "."], sources)
    (wheel,) = wheels.iterdir()
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Install `wheel` into a new environment in `folder`; the path of its `terugblik`.

    Libraries come from the environment of the tests. Only its packages can be seen there: the link to the
    sources that an editable install has is not followed, as it stands in a .pth file.
    """
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    _run([*_PIP, "--python", str(python), "install", *_OFFLINE, "--no-compile", str(wheel)], folder)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder / "bin" / "terugblik"


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
