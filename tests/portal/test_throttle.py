"""How often somebody may do something, and who somebody is."""

import time

import pytest
from django.test import RequestFactory

from portal import throttle


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1_000_000.0

    monkeypatch.setattr(time, "time", lambda: Clock.now)
    return Clock


def tries(number: int, who: str = "a", purpose: str = "test") -> list[bool]:
    return [throttle.wait_for(purpose, who, burst=3, seconds=10) == 0 for _ in range(number)]


def test_a_burst_passes_then_one_at_a_time(clock):
    assert tries(5) == [True, True, True, False, False]
    clock.now += 10
    assert tries(2) == [True, False]
    clock.now += 1000
    assert tries(4) == [True, True, True, False], "never more than the burst"


def test_everybody_and_every_purpose_has_a_bucket_of_its_own():
    tries(3)
    assert tries(1) == [False]
    assert tries(1, who="b") == [True]
    assert tries(1, purpose="other") == [True]


def test_a_clock_that_jumps_back_lets_nobody_wait_for_ever(clock):
    tries(3)
    clock.now -= 86400
    assert tries(1) == [False]
    clock.now += 10
    assert tries(1) == [True]


def test_the_cache_does_not_know_the_address():
    assert "10.0.0.1" not in throttle.bucket("test", "10.0.0.1")
    assert throttle.bucket("test", "10.0.0.1") == throttle.bucket("test", "10.0.0.1")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", ""),
        ("x" * 10_000, ""),
    ],
)
def test_where_a_request_comes_from(address, network):
    assert throttle.network(RequestFactory(REMOTE_ADDR=address).get("/")) == network


def test_what_the_visitor_claims_counts_only_as_far_as_our_proxy_says_it(settings):
    request = RequestFactory(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 10.0.0.9").get("/")
    assert throttle.network(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert throttle.network(request) == "10.0.0.9"
