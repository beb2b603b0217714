"""Two instances of the portal on one socket, as systemd starts them: it is handed over, and kept while one is away."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.appeals.served import Served
from tests.browser.portal import ROOT

SECONDS_TO_START = 90
# What systemd does between fork and exec.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, "-m", "portal", *sys.argv[2:]])
"""


class Twins:
    """The instances 0 and 1 of what ``served`` describes, on its port."""

    def __init__(self, served: Served) -> None:
        self.served, self.running = served, {}
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", served.port))
        self.listener.listen(1024)

    def start(self, number: int) -> None:
        """Returns when the instance has told that it is ready."""
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(address := str(Path(folder) / "notify"))
            told.settimeout(SECONDS_TO_START)
            command = ["serve", f"--port={self.served.port}", "--workers=1", "--threads=8", "--task-workers=0"]
            with self.served.log.open("ab") as output:
                self.running[number] = subprocess.Popen(
                    [sys.executable, "-c", HAND_OVER, str(self.listener.fileno()), *command],
                    cwd=ROOT, env=self.served.environ | {"NOTIFY_SOCKET": address}, stdout=output,
                    stderr=subprocess.STDOUT, start_new_session=True, pass_fds=[self.listener.fileno()],
                )  # fmt: skip
            assert told.recv(100) == b"READY=1", self.served.log.read_text()

    def stop(self, number: int) -> None:
        process = self.running.pop(number)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0, self.served.log.read_text()

    def restart(self, number: int) -> None:
        self.stop(number)
        self.start(number)

    def close(self) -> None:
        for number in list(self.running):
            self.stop(number)
        self.listener.close()
