"""How a worker is told to stop: by a signal, or by the end of the process that started it."""

import os
import signal
import threading


def stop_signal() -> threading.Event:
    """An event that Ctrl-C and the end of a service set; the work at hand is then put back in the queue.

    Signals travel through a pipe, which stays open as long as the program runs. A handler would have to wait
    for the main thread, which sleeps on when another thread gets the signal, as happens when several come at
    once.
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
    """Set `stop` when the process that started this one is gone, however it ended; returns at once."""

    def watch() -> None:
        while os.getppid() == parent:
            if stop.wait(0.5):
                return
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
