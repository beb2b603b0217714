"""A mail server for tests: it says what it is told to say, and keeps what it was given."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

# What is answered to ``RCPT TO:<address>``, or to the letter itself (``DATA``): "" means 250; "hang" and "hang up".
Answers = Callable[[str, str], str]


class Peer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, answers: Answers, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Session)
        self.answers = answers
        self.letters: list[tuple[str, EmailMessage]] = []
        self.connections = 0

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def receivers(self) -> list[str]:
        return [address for address, _letter in self.letters]


class Session(socketserver.StreamRequestHandler):
    server: Peer

    def handle(self) -> None:
        self.server.connections += 1
        self.receiver = ""
        self.say("220 peer")
        try:
            while line := self.rfile.readline():
                if not self.answer(line.decode("ascii").strip()):
                    return
        except ConnectionError:
            pass

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def answer(self, line: str) -> bool:
        """False hangs up."""
        command = line[:4].upper()
        if command in {"RCPT", "DATA"}:
            if command == "RCPT":
                self.receiver = line.partition("<")[2].partition(">")[0]
            told = self.server.answers(command, self.receiver)
            if told in {"hang", "hang up"}:
                time.sleep(3 if told == "hang" else 0)
                return False
            if command == "DATA" and not told:
                self.take()
            self.say(told or "250 good")
        else:
            self.say("221 bye" if command == "QUIT" else "250 good")
        return command != "QUIT"

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.letters.append((self.receiver, letter))


@contextmanager
def peer(answers: Answers = lambda _command, _address: "", port: int = 0) -> Iterator[Peer]:
    """``port`` 0: any that is free."""
    with Peer(answers, port) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
