"""Processes that hang: they are there, their ports are open, and they say nothing."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.servers import stat_fields


@contextmanager
def hanging(*pids: int) -> Iterator[None]:
    """These processes hang while the block runs.

    A signal to stop takes effect when the system next runs the thread that it chose to receive it; on a busy machine
    the others go on answering until then. So this waits until every thread stands.
    """
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        end = time.monotonic() + 30
        while not all(stands(pid) for pid in pids):
            assert time.monotonic() < end, f"one of {pids} goes on"
            time.sleep(0.005)
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def stands(pid: int) -> bool:
    """Each of its threads is stopped."""
    return all(fields[0] == "T" for _number, fields in seen(Path(f"/proc/{pid}/task")))


def group(leader: int) -> list[int]:
    """The processes of ``leader``'s group."""
    return [pid for pid, (state, _parent, of, *_) in seen(Path("/proc")) if int(of) == leader and state != "Z"]


def seen(folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Number and state of each process or thread in a folder of ``/proc``, but for those that end meanwhile."""
    for path in folder.glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield int(path.parent.name), stat_fields(path)
