"""Stopping long work on Ctrl-C or SIGTERM at once, without leaving helper processes behind."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stop_with_children() -> Iterator[None]:
    """Within the block a stop signal ends this process and every helper that it has started.

    A pool's helpers otherwise wait for ever for a parent that is gone, or print a traceback each.
    """
    parent = os.getpid()

    def stop(number: int, _frame: FrameType | None) -> None:
        if os.getpid() == parent:
            for child in multiprocessing.active_children():
                child.kill()
            os.write(2, b"\nStopped before everything was ready; the next start goes on from here.\n")
        os._exit(128 + number)

    # A signal that is ignored from outside (nohup) stays ignored.
    wanted = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
