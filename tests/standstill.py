"""Processes that hang: they are there, their ports are open, and they say nothing."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
    return all(fields(path)[0] == "T" for path in Path(f"/proc/{pid}/task").glob("*/stat"))


def group(leader: int) -> list[int]:
    """The processes of ``leader``'s group."""
    members = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, of_group = fields(path)[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue  # It ended meanwhile.
        if int(of_group) == leader and state != "Z":
            members.append(int(path.parent.name))
    return members


def fields(path: Path) -> list[str]:
    """What ``/proc/…/stat`` says after the name, which may itself have blanks and brackets: state, parent, group, …"""
    return path.read_text().rpartition(")")[2].split()
