"""Worker processes and their keeper, which starts one again when it ends and stops them all when it is to stop."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings

SECONDS_TO_FINISH = 5
SECONDS_BEFORE_RESTART = 5.0


class Crew:
    """``count`` processes of ``manage.py work`` (or another). ``keep`` stays until ``stopping()`` is true."""

    def __init__(self, count: int, stopping: Callable[[], object], command: str = "work") -> None:
        self.stopping, self.command = stopping, command
        self.workers: list[subprocess.Popen[bytes]] = []
        # When each place may be filled: a worker that cannot start is not tried without pause.
        self.places = [0.0] * count

    def keep(self) -> None:
        try:
            while not self.stopping():
                self.fill()
                time.sleep(0.2)
        finally:
            self.stop()

    def fill(self) -> None:
        now = time.monotonic()
        for worker in [worker for worker in self.workers if worker.poll() is not None]:
            self.workers.remove(worker)
            self.places.append(now + SECONDS_BEFORE_RESTART)
        for free in [free for free in self.places if free <= now]:
            self.places.remove(free)
            self.workers.append(start_worker(self.command))

    def stop(self) -> None:
        """Let each finish the task at hand; one that takes too long is killed, and its task runs again later."""
        for worker in self.workers:
            worker.terminate()
        end = time.monotonic() + SECONDS_TO_FINISH
        for worker in self.workers:
            try:
                worker.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def start_worker(name: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "portal", name, "--parent", str(os.getpid())]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)  # noqa: S603
