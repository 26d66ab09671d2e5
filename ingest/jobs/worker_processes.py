"""Several workers on one machine, each in a process of its own; what stops one command stops them all."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_PAUSE = 0.1
"""Seconds between two looks at the processes."""
_BEFORE_ANOTHER = 1.0
"""Seconds between the unexpected end of a worker and the start of another."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the workers ended."""

    exit_code: int
    """0, or that of the first worker that ended with an error."""
    outputs: tuple[str, ...]
    """What each wrote to its standard output; it is kept until the end, so it must be short."""


def work_together(
    command: Sequence[str],
    count: int,
    stop: threading.Event,
    remark: Callable[[str], None],
) -> Ending:
    """Run `count` workers until all have ended, and return how. A worker that was killed is started again. If
    one ends with an error, or `stop` is set, all are told to end.

    Args:
        command: starts one worker, which ends when it is terminated and when this process does.
        remark: called with a message when a worker is started again.
    """

    def start() -> "subprocess.Popen[str]":
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    running = [start() for _ in range(count)]
    exit_code, outputs = 0, list[str]()
    is_stopping = False
    try:
        while running:
            for worker in [one for one in running if one.poll() is not None]:
                running.remove(worker)
                outputs.append(worker.communicate()[0])
                # A signal to the whole group, as by Ctrl-C, may end one before this process knows of it.
                if worker.returncode < 0 and not (is_stopping or stop.wait(_BEFORE_ANOTHER)):
                    name = signal.Signals(-worker.returncode).name
                    remark(f"The worker with process {worker.pid} was ended ({name}); starting another.")
                    running.append(start())
                elif worker.returncode > 0 and not exit_code:
                    exit_code = worker.returncode
            if (stop.is_set() or exit_code) and not is_stopping:
                is_stopping = True
                for worker in running:
                    worker.terminate()
            time.sleep(_PAUSE)
    finally:
        for worker in running:  # by an error of this program
            worker.terminate()
    return Ending(exit_code, tuple(outputs))
