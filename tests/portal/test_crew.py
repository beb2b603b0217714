"""Worker processes: started again when they end, gone when their keeper stops."""

import subprocess
import sys
import threading
import time

import pytest

from portal import crew

PATIENT = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"


class Kept:
    """A crew of two, kept by a thread as the server does."""

    def __init__(self) -> None:
        self.stopped = False
        self.crew = crew.Crew(2, lambda: self.stopped)
        self.thread = threading.Thread(target=self.crew.keep)
        self.thread.start()

    def stop(self) -> None:
        self.stopped = True
        self.thread.join(30)


@pytest.fixture
def kept(monkeypatch):
    """``kept(code)``: a crew whose workers run this Python."""
    started, crews = [], []

    def start_worker(code: str) -> "subprocess.Popen[bytes]":
        started.append(subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE))
        if code == STUBBORN:
            started[-1].stdout.readline()
        return started[-1]

    def keep(code: str) -> tuple[Kept, list]:
        monkeypatch.setattr(crew, "start_worker", lambda _command: start_worker(code))
        crews.append(Kept())
        return crews[-1], started

    yield keep
    for made in crews:
        made.stop()
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def wait_until(what) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


def test_a_worker_that_ends_is_started_again_after_a_pause(kept, monkeypatch):
    monkeypatch.setattr(crew, "SECONDS_BEFORE_RESTART", 0.5)
    _crew, started = kept(PATIENT)
    wait_until(lambda: len(started) == 2)
    began = time.monotonic()
    started[0].kill()
    wait_until(lambda: len(started) == 3)
    assert time.monotonic() - began >= 0.5
    assert [process.poll() is None for process in started] == [False, True, True]


def test_all_are_gone_when_it_stops(kept):
    crew_of_two, started = kept(PATIENT)
    wait_until(lambda: len(started) == 2)
    crew_of_two.stop()
    assert all(process.poll() is not None for process in started)


def test_one_that_does_not_stop_is_killed(kept, monkeypatch):
    monkeypatch.setattr(crew, "SECONDS_TO_FINISH", 0.5)
    crew_of_two, started = kept(STUBBORN)
    wait_until(lambda: len(started) == 2)
    crew_of_two.stop()
    assert [process.poll() for process in started] == [-9, -9]
