"""A real clamd with a signature database of one entry: the harmless file by which scanners are tried."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

from tests.kinds import clamd_path

# In two parts, so that a scanner on this machine does not take this file for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CONFIG = """Foreground yes
LocalSocket {folder}/clamd.socket
DatabaseDirectory {folder}/database
TemporaryDirectory {folder}
MaxThreads 2
StreamMaxLength 4M
"""


class Clamd:
    """Started and stopped at will; its socket stands in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket = folder, str(folder / "clamd.socket")
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "database").mkdir()
        (folder / "database" / "portal.ndb").write_text(f"Portal.Eicar-Test:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(CONFIG.format(folder=folder))

    def start(self) -> None:
        if self.process:
            return
        with (self.folder / "output.txt").open("wb") as output:
            self.process = subprocess.Popen(
                [str(clamd_path()), "-c", str(self.folder / "clamd.conf")], stdout=output, stderr=output
            )
        end = time.monotonic() + 60
        while not self.answers():
            assert time.monotonic() < end, (self.folder / "output.txt").read_text()
            assert self.process.poll() is None, (self.folder / "output.txt").read_text()
            time.sleep(0.1)

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(self.socket)
                probe.sendall(b"zPING\0")
                return probe.recv(16) == b"PONG\0"
            except OSError:
                return False

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=30)
            self.process = None
