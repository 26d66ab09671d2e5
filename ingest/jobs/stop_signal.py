"""Stops a worker on a signal, or when the process that started it ends."""

import os
import signal
import threading


def stop_signal() -> threading.Event:
    """An event that is set by Ctrl-C, and by the system when a service ends.

    Signals are received through a pipe, which stays open as long as the program runs. A signal handler
    would run in the main thread only, which does not wake up if another thread gets the signal; that
    happens if several signals arrive at once.
    """
    stop = threading.Event()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_received: None)

    def listen() -> None:
        os.read(reading, 1)
        stop.set()

    threading.Thread(target=listen, daemon=True).start()
    return stop


def stop_with(parent: int, stop: threading.Event) -> None:
    """Set `stop` when the parent process has ended, for whatever reason. Returns at once."""

    def watch() -> None:
        while os.getppid() == parent:
            if stop.wait(0.5):
                return
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
