"""The API and its description, by schemathesis: what fits it is accepted, what does not is refused.

Parameters that are good each by itself may still be refused together. No schema can say that, so where the
description says it in words, a refusal of values that fit is none to be blamed.
"""

import re
import subprocess
import sys
from pathlib import Path

import httpx

from tests.attack.ground import Ground, Outcome


def attack(ground: Ground, seconds: float) -> Outcome:
    """Run schemathesis in its three phases, for as long as there is time."""
    outcome = Outcome(what="requests made of the API's description")
    patient = ground.patient()
    with patient.serve() as site:
        described = httpx.get(f"{site.url}/api/v1/openapi.json", timeout=30).json()
        folder = ground.folder / "schemathesis"
        folder.mkdir(exist_ok=True)
        (folder / "schemathesis.toml").write_text(_configuration(described), encoding="utf-8")
        report = _schemathesis(f"{site.url}/api/v1/openapi.json", folder, ground, seconds)
        outcome.must(not site.tracebacks(), f"tracebacks in the log: {site.tracebacks()[-2:]}")
    counted = re.search(r"^\s*(\d+) generated", report, re.MULTILINE)
    outcome.done = int(counted[1]) if counted else 0
    differences = _failures(report)
    outcome.wrong += [" ".join(found.split())[:400] for found in differences]
    if outcome.done < len(described["paths"]):
        outcome.wrong.append(f"schemathesis had no time: {outcome.done} requests: {report[-200:]}")
    outcome.seen = f"{len(described['paths'])} paths, {len(differences)} differences"
    patient.judge(outcome, "schemathesis")
    ground.discard(patient)
    return outcome


def _schemathesis(address: str, folder: Path, ground: Ground, seconds: float) -> str:
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", address]
    options = {
        "--checks": "all",
        "--mode": "all",
        "--phases": "examples,coverage,fuzzing",
        "--max-time": str(max(5, int(seconds))),
        "--max-examples": "15",
        "--seed": str(ground.chance.randrange(2**31)),
        "--request-timeout": "60",
        "--suppress-health-check": "all",
    }
    more = [text for option in options.items() for text in option]
    try:
        done = subprocess.run(
            [*command, *more, "--continue-on-failure", "--no-color"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=seconds + 120,
        )
    except subprocess.TimeoutExpired:
        return "it did not end in time"
    return done.stdout + done.stderr


def _configuration(described: dict[str, dict[str, dict[str, dict[str, str]]]]) -> str:
    """Where the description says what is refused together, status 400 is no surprise; nor is 414 anywhere, as
    a text within its own limit may still be too long for an address."""
    lines = [
        "[checks.positive_data_acceptance]",
        'expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "410", "414", "429", "431", "5xx"]',
        "[checks.negative_data_rejection]",
        'expected-statuses = ["400", "404", "405", "410", "413", "414", "415", "422", "429", "431", "5xx"]',
    ]
    for methods in described["paths"].values():
        for method in methods.values():
            if "description" in method:
                lines += [
                    "[[operations]]",
                    f'include-operation-id = "{method["operationId"]}"',
                    "checks.positive_data_acceptance.expected-statuses = "
                    '["2xx", "3xx", "400", "401", "403", "404", "409", "410", "414", "429", "431", "5xx"]',
                ]
    return "\n".join(lines) + "\n"


def _failures(report: str) -> list[str]:
    """Each difference by its kind and what follows on it."""
    return re.findall(r"^- (ST\d+ [^\n]*\n(?:(?!^- ST|^    st replay).*\n){0,12})", report, re.MULTILINE)
