"""A Redis of one test alone, that can be stopped, killed and started again."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import redis

from tests.browser.portal import free_port


class Redis:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder),
                        "--save", "", "--appendonly", "no"]  # fmt: skip
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        client, end = redis.Redis(port=self.port), time.monotonic() + 30
        while True:
            try:
                client.ping()
            except redis.ConnectionError:
                assert time.monotonic() < end
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
