"""What a process has needed at most.

``ru_maxrss`` would not do in a child: Linux hands it down from the parent through ``exec``, so that the
child of a large test run seems as large as that run.
"""

import re
from pathlib import Path


def peak_memory() -> float:
    """The most resident memory that this process has had since it was started, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None, status
    return int(found[1]) / 1024
