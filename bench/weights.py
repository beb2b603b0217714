"""Who has the processors first where they do not suffice: the control groups that ``deploy/systemd`` makes."""

from __future__ import annotations

import time
from pathlib import Path

from bench.servers import Served, nice

# Weights beside 100 of everything else, as CPUWeight= has them; "idle" yields to everybody else at once.
TREE = {"nginx": "1000", "readers": "1000", "yielding": "idle", "yielding/writers": "100", "yielding/worker": "25"}
# Where this process may make no group, Linux weighs sessions: steps of nice that come near, but nobody yields at once.
NICE = {"nginx": -10, "readers": -10, "yielding/writers": 7, "yielding/worker": 13}
SECONDS_TO_END = 10


class Weights:
    """A context manager: it has to end after the servers that are weighed."""

    def __enter__(self) -> Weights:
        self.groups: dict[str, Path] = {}
        for root, second in ((Path("/sys/fs/cgroup/cpu"), False), (Path("/sys/fs/cgroup"), True)):
            try:
                self._make(root, second)
            except OSError:
                self._remove()
            else:
                break
        return self

    def __exit__(self, *_: object) -> None:
        end = time.monotonic() + SECONDS_TO_END
        while self._remove() and time.monotonic() < end:
            time.sleep(0.1)  # Their last processes are just ending.

    def weigh(self, served: Served, name: str) -> None:
        """Put a server's processes, and those that they start, into the group ``name`` of ``TREE``."""
        if not self.groups:
            nice(served, NICE[name])
            return
        for pid in served.pids():
            (self.groups[name] / "cgroup.procs").write_text(str(pid))

    @property
    def kind(self) -> str:
        return "control groups" if self.groups else "sessions, without the right to make control groups"

    def _make(self, root: Path, second: bool) -> None:
        """The groups below ``root``, of the first or second version of Linux' control groups."""
        for name, weight in TREE.items():
            path = root / f"portal-{name}"
            if second:
                (path.parent / "cgroup.subtree_control").write_text("+cpu")
            path.mkdir(exist_ok=True)  # A run that was killed left it.
            self.groups[name] = path
            if weight == "idle":
                (path / "cpu.idle").write_text("1")
            elif second:
                (path / "cpu.weight").write_text(weight)
            else:
                (path / "cpu.shares").write_text(str(int(weight) * 1024 // 100))

    def _remove(self) -> bool:
        """Whether some are left."""
        for name, path in reversed(list(self.groups.items())):
            try:
                path.rmdir()
            except OSError:
                continue
            del self.groups[name]
        return bool(self.groups)
