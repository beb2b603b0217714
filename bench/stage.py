"""What the load shapes need in the database, and what is left of it afterwards: in a portal's surroundings.

``python -m bench.stage set DRAFTS`` makes the report that everybody reads, drafts, and a press chief; prints JSON.
``python -m bench.stage look FILE`` reads what citizens were told (see ``look``); prints what the office has of it.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.db.models import Count, Q  # noqa: E402
from django.utils import timezone  # noqa: E402

from appeals import tracking, vault  # noqa: E402
from appeals.choices import FileRole  # noqa: E402
from appeals.models import Appeal  # noqa: E402
from appeals.queues import QUEUES, desk_of  # noqa: E402
from news.demo.pictures import draw  # noqa: E402
from news.models import Category, Event, Photo, Report  # noqa: E402
from portal.models import Message, Task  # noqa: E402
from portal.roles import APPEALS_OFFICER, PRESS_CHIEF  # noqa: E402
from tests.portal.staff import give_app, person  # noqa: E402

BODY = "<p>Хоҳиши сокинони деҳа шунида шуд ва роҳи нав кушода шуд.</p>" * 12


def report(title: str, **values: Any) -> Report:
    event = Event.objects.create(starts_at=timezone.now())
    event.categories.set(Category.objects.all()[:1])
    return Report.objects.create(event=event, language="tg", title=title, lead=title, body=BODY, **values)


def add_photo(event: Event) -> None:
    picture = io.BytesIO()
    draw("hall", event.pk, (1600, 1067)).save(picture, "JPEG", quality=88)
    photo = Photo(event=event, image=ContentFile(picture.getvalue(), name="photo.jpg"), alt_tg="Акс", caption_tg="Акс")
    photo.save(at_once=True)


def set_stage(drafts: int) -> dict[str, Any]:
    give_app(person("chief", PRESS_CHIEF))
    person("officer", APPEALS_OFFICER)
    now = timezone.now()
    hot = report("Хабари рӯз", status=Report.Status.PUBLISHED, published_at=now)
    add_photo(hot.event)
    made = [report(f"Хабари нави {number}", status=Report.Status.DRAFT) for number in range(drafts)]
    return {
        "path": hot.get_absolute_url(),
        "event": hot.pk,
        "drafts": [{"event": one.event_id, "path": one.get_absolute_url()} for one in made],
        "appeals": Appeal.objects.count(),
    }


def look(told: dict[str, Any]) -> dict[str, Any]:
    """``told``: ``before``, how many appeals there were; ``receipts``, numbers with their codes and the SHA-256 of the
    attachments that were sent (none: only the appeal is opened); ``numbers``, of all receipts."""
    new = Appeal.objects.filter(number__in=told["numbers"])
    desk = desk_of(_officer())
    to_register = QUEUES["new"].where(desk) | QUEUES["held"].where(desk)
    opened = [_opens(*receipt) for receipt in told["receipts"]]
    letters = Message.objects.filter(kind="appeal").aggregate(
        sent=Count("pk", Q(sent_at__isnull=False)),
        waiting=Count("pk", Q(sent_at=None, failed_at=None)),
        failed=Count("pk", Q(failed_at__isnull=False)),
    )
    return {
        "in_database": Appeal.objects.count() - told["before"],
        "acknowledged_found": new.count(),
        "in_queue": new.filter(to_register).count(),
        "held": new.exclude(held="").count(),
        "opened": sum(opened),
        "not_opened": len(opened) - sum(opened),
        "letters": letters,
        "waiting_to": list(Message.objects.filter(sent_at=None, failed_at=None).values_list("to", flat=True)),
        "dead_tasks": Task.objects.filter(dead_at__isnull=False).count(),
        "tasks_due": Task.objects.filter(dead_at=None, due_at__lte=timezone.now()).count(),
    }


def _officer() -> Any:
    from django.contrib.auth.models import User

    return User.objects.get(username="officer")


def _opens(number: str, code: str, digests: list[str]) -> bool:
    """The case opens with its code, its content can be read, and each attachment is what was sent."""
    case = tracking.open_case(number, code)
    if case is None or not case.content.text:
        return False
    files = case.appeal.files.filter(role=FileRole.ATTACHMENT)
    found = [hashlib.sha256(vault.decrypt(case.key, file.box)).hexdigest() for file in files]
    return sorted(found) == sorted(digests)


if __name__ == "__main__":
    what, given = sys.argv[1:]
    result = set_stage(int(given)) if what == "set" else look(json.loads(Path(given).read_text()))
    print(json.dumps(result))
