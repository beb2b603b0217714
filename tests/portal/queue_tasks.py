"""Tasks for worker processes of the tests: ``python -m tests.portal.queue_tasks`` works them off.

What a task did is a line in the file named by ``QUEUE_TEST_FILE``.
"""

import os
import time
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()

from portal.tasks import task


def write_line(text: str) -> None:
    with open(os.environ["QUEUE_TEST_FILE"], "a") as file:
        file.write(f"{text}\n")


@task(lease=2)
def count(number: int) -> None:
    time.sleep(0.02)
    write_line(str(number))


@task
def take_a_second() -> None:
    write_line("begun")
    time.sleep(1)
    write_line("ended")


if __name__ == "__main__":
    from django.core.management import call_command

    import_module("tests.portal.queue_tasks")  # Under the name by which the tasks were asked for.
    call_command("work")
