"""Do what was asked for later (``portal.tasks``) and what is to be done periodically, until Ctrl-C or SIGTERM."""

import logging
import os
import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections, connections

from portal.crew import Crew
from portal.worker import do_one, keep_order, load_tasks, work_off

logger = logging.getLogger("portal.tasks")

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_WITHOUT_DATABASE = 5.0
SECONDS_BETWEEN_ORDERS = 60.0
GIVES_WAY = 10  # to whoever waits for a page; see nice(2)


class Command(BaseCommand):
    help = "Work off the background tasks: letters, pictures, periodic work."
    stopping = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due and end")
        parser.add_argument("--processes", type=int, default=1, help="how many workers")
        parser.add_argument("--parent", type=int, help="end, too, when this process is no longer the parent")

    def handle(self, **options: Any) -> None:
        load_tasks()
        if options["once"]:
            keep_order()
            work_off()
            return
        self.stop_on_signals()
        if options["processes"] > 1:
            connections.close_all()
            Crew(options["processes"], lambda: self.stopping).keep()
        else:
            self.work(options["parent"])

    def stop_on_signals(self) -> None:
        """The task at hand is finished first. The handler only sets a flag: it may come at any moment."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stopping = True

        wanted = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
        for number in wanted:
            if signal.getsignal(number) is not signal.SIG_IGN:  # Under nohup a closed terminal stops nothing.
                signal.signal(number, stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, wanted)  # The server blocks them in itself, and this is inherited.

    def work(self, parent: int | None) -> None:
        os.nice(GIVES_WAY)
        ordered = -SECONDS_BETWEEN_ORDERS
        while not self.stopping and (parent is None or os.getppid() == parent):
            try:
                close_old_connections()
                if time.monotonic() - ordered >= SECONDS_BETWEEN_ORDERS:
                    keep_order()
                    ordered = time.monotonic()
                pause = 0.0 if do_one() else SECONDS_BETWEEN_LOOKS
            except DatabaseError as error:
                logger.warning("The database does not answer: %s", type(error).__name__)
                connections.close_all()
                pause = SECONDS_WITHOUT_DATABASE
            self.rest(pause)

    def rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < end:
            time.sleep(0.1)
