"""The file by which nginx learns of a change: it comes with the change, and goes whoever of the processes is killed."""

import os
import time

import pytest

from portal import proxy_flag
from portal.page_cache_watch import Watch
from portal.proxy_flag import ProxyFlag
from portal.public_changes import changed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "public-changed"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(proxy_flag, "SECONDS", 0.3)


def test_it_comes_with_a_change_and_not_before(path):
    watch = Watch(ProxyFlag(path))
    watch.look()
    assert not path.exists(), "what is seen first is no change"
    changed()
    watch.look()
    assert path.exists()
    watch.look()
    assert path.exists(), "other processes may not have looked yet"


def test_it_goes_when_its_time_is_over(path):
    flag = ProxyFlag(path)
    flag.put_up()
    flag.take_down()
    assert path.exists()
    time.sleep(0.35)
    flag.take_down()
    assert not path.exists()
    flag.take_down()  # It is nobody's now.


def test_the_process_that_saw_the_change_last_takes_it_away(path):
    first, last = ProxyFlag(path), ProxyFlag(path)
    first.put_up()
    time.sleep(0.35)
    last.put_up()
    first.take_down()
    assert path.exists(), "the other has just made it newer"
    time.sleep(0.35)
    last.take_down()
    assert not path.exists()


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_what_a_killed_process_left_is_taken_away_whatever_the_clock_did(path, seconds):
    path.touch()
    os.utime(path, (time.time() + seconds,) * 2)
    ProxyFlag(path).take_down()
    assert not path.exists()


def test_without_a_proxy_there_is_none_and_a_folder_that_cannot_be_written_stops_nothing(tmp_path):
    ProxyFlag(None).put_up()
    ProxyFlag(None).take_down()
    gone = ProxyFlag(tmp_path / "nowhere" / "public-changed")
    gone.put_up()
    gone.take_down()
    assert list(tmp_path.iterdir()) == []
