"""Show the figures of all the server's processes to Prometheus, on a port of their own, until SIGTERM."""

import os
import signal
import struct
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections
from django.utils.module_loading import autodiscover_modules
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from portal.gauges import GAUGES, Gauge


class Command(BaseCommand):
    help = "Serve figures for Prometheus on METRICS_PORT; serve starts it itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parent", type=int, help="end, too, when this process is no longer the parent")

    def handle(self, **options: Any) -> None:
        if not settings.METRICS_PORT:
            raise CommandError("METRICS_PORT is not set.")
        from portal.metrics import FOLDER

        autodiscover_modules("gauges")
        registry = CollectorRegistry()
        Counted(registry, str(FOLDER))
        registry.register(Now())
        wanted = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
        for number in wanted:
            signal.signal(number, signal.SIG_DFL)  # There is nothing to finish.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, wanted)  # The server blocks them in itself, and this is inherited.
        try:
            start_http_server(settings.METRICS_PORT, settings.METRICS_HOST, registry)
        except OSError as error:
            raise CommandError(f"METRICS_HOST and METRICS_PORT cannot be used ({error}).") from None
        while options["parent"] is None or os.getppid() == options["parent"]:
            time.sleep(1)


class Counted(MultiProcessCollector):
    """What the processes counted. A file that one of them makes in this moment is empty for an instant."""

    def collect(self) -> Any:
        for pause in (0.01, 0.1, 1):
            try:
                return super().collect()
            except struct.error:
                time.sleep(pause)
        return super().collect()


class Now:
    """What is asked of the database and the disk at each scrape."""

    def describe(self) -> list[Any]:
        return []  # Nothing is asked before somebody looks.

    def collect(self) -> Iterator[Any]:
        answers = 1
        try:
            for gauge in GAUGES:
                family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
                answers = min(answers, fill(family, gauge))
                yield family
            yield GaugeMetricFamily("portal_database_up", "The database answered all questions.", value=answers)
        finally:
            connections.close_all()  # Each scrape has a thread of its own.


def fill(family: Any, gauge: Gauge) -> int:
    """0 if the database does not answer."""
    try:
        for labels, value in gauge.read().items():
            family.add_metric(labels, value)
    except DatabaseError:
        return 0
    return 1
