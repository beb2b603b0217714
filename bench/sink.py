"""python -m bench.sink: a mail server that takes every letter and reads none.

Prints its port; when its input ends, the addresses to which letters came, as JSON.
"""

import json
import sys

from tests.smtp_peer import Session, peer


class Quick(Session):
    def take(self) -> None:
        self.say("354 go on")
        while self.rfile.readline() not in {b".\r\n", b""}:
            pass
        self.server.letters.append((self.receiver, None))  # type: ignore[arg-type]


if __name__ == "__main__":
    with peer() as server:
        server.RequestHandlerClass = Quick
        print(server.port, flush=True)
        sys.stdin.read()
        print(json.dumps(server.receivers), flush=True)
