"""Figures for Prometheus: those of all the server's processes in one place, on a port of their own."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils.module_loading import autodiscover_modules
from prometheus_client.parser import text_string_to_metric_families

from portal.gauges import GAUGES
from portal.urls import urlpatterns
from tests.appeals.served import Served
from tests.browser.portal import ROOT, free_port

pytestmark = pytest.mark.slow
TIMES = 40
ASKED = {"home": "/tg/?utm_source=secret", "appeals:rules": "/en/appeals/?q=secret", "none": "/ru/secret/"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The server with two processes, and the port of its figures."""
    port = free_port()
    server = Served(tmp_path_factory.mktemp("metrics"), METRICS_PORT=str(port), LOG_FORMAT="json")
    server.prepare()
    server.start()
    yield server, port
    if server.process.poll() is None:
        server.kill()


def scrape(port: int) -> dict[tuple[str, frozenset], float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
        text = answer.read().decode()
    assert "secret" not in text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scrape_when_there(port: int) -> dict[tuple[str, frozenset], float]:
    end = time.monotonic() + 60
    while True:
        try:
            return scrape(port)
        except urllib.error.URLError:
            assert time.monotonic() < end, "nobody shows the figures"
            time.sleep(0.1)


def total(found: dict, name: str, **labels: str) -> float:
    wanted = set(labels.items())
    return sum(value for (sample, has), value in found.items() if sample == name and wanted <= has)


def ask(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_each_request_is_counted_once_while_somebody_looks(served):
    server, port = served
    before = last = scrape_when_there(port)
    with ThreadPoolExecutor(4) as readers:
        asked = [
            readers.submit(ask, f"http://127.0.0.1:{server.port}{path}")
            for _n in range(TIMES)
            for path in ASKED.values()
        ]
        while not all(request.done() for request in asked):
            found = scrape(port)
            for route in ASKED:
                grown = [total(each, "portal_requests_total", route=route) for each in (last, found)]
                assert grown == sorted(grown)
            last = found
    assert sorted({request.result() for request in asked}) == [200, 404]
    after = scrape(port)
    for route, status in (("home", "200"), ("appeals:rules", "200"), ("none", "404")):
        for name, labels in (("portal_requests_total", {"status": status}), ("portal_request_seconds_count", {})):
            now, then = (total(found, name, route=route, **labels) for found in (after, before))
            assert now - then == TIMES, (route, name)
    from_cache = {
        outcome: total(after, "portal_page_cache_total", outcome=outcome) for outcome in ("hit", "miss", "stale")
    }
    assert sum(from_cache.values()) == TIMES and from_cache["hit"] >= TIMES - 10


def test_the_queues_the_office_and_the_disk_are_there(served):
    _server, port = served
    autodiscover_modules("gauges")
    found = scrape_when_there(port)
    names = {name for name, _labels in found}
    assert {gauge.name for gauge in GAUGES} <= names and {
        "portal_appeals_overdue",
        "portal_drafts",
        "portal_files_unscanned",
    } <= names
    assert found["portal_database_up", frozenset()] == 1
    assert total(found, "portal_disk_free_bytes", folder="data") > 2**20
    assert ("portal_appeals", frozenset({("status", "received")})) in found
    assert ("portal_security_events_last_day", frozenset({("kind", "refused")})) in found


def test_no_label_is_an_address(served):
    server, port = served
    for path in ("/ru/news/1/secret/", "/en/appeals/secret/", "/admin/appeals/appeal/?q=secret", "/static/secret.js"):
        ask(f"http://127.0.0.1:{server.port}{path}")
    routes = {value for _name, labels in scrape_when_there(port) for key, value in labels if key == "route"}
    assert len(routes) >= 4 and all(re.fullmatch(r"[\w:.-]+", route) for route in routes)


def test_nobody_else_is_shown_the_figures(served):
    server, port = served
    scrape_when_there(port)
    assert ask(f"http://127.0.0.1:{server.port}/metrics") == 404
    assert not any("metrics" in str(pattern.pattern) for pattern in urlpatterns)
    with socket.socket() as other:
        other.bind(("127.0.0.2", port))  # It would be taken if it listened on all addresses.


def test_a_port_that_is_taken_is_told_in_a_sentence(served):
    server, port = served
    scrape_when_there(port)
    command = [sys.executable, "manage.py", "metrics"]
    done = subprocess.run(
        command, cwd=ROOT, env=server.environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1 and "METRICS_PORT cannot be used" in done.stderr and "Traceback" not in done.stderr


def test_the_figures_end_with_the_server(served):
    server, port = served
    scrape_when_there(port)
    for path in ("/tg/appeals/", "/tg/appeals/secret/"):
        ask(f"http://127.0.0.1:{server.port}{path}")
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(timeout=30)
    with pytest.raises(urllib.error.URLError):
        scrape(port)
    log = server.log.read_text()
    assert "Traceback" not in log and '"route": "appeals:rules"' in log and "secret" not in log
