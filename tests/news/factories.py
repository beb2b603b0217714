"""Events, reports, photos and press staff for the tests of the news."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from news.models import Category, Event, Partner, Photo, Place, Report

DUSHANBE = ZoneInfo("Asia/Dushanbe")
PASSWORD = "Correct-Horse-9"
TITLES = {
    "tg": "Вохӯрӣ бо кишоварзони ноҳия",
    "ru": "Встреча с земледельцами района",
    "en": "Meeting with farmers of the district",
}


def local(text: str) -> datetime:
    """A moment by the Dushanbe clock: ``2022-01-10 13:45``."""
    return datetime.fromisoformat(text).replace(tzinfo=DUSHANBE)


def category(slug: str = "meetings", en: str = "Meetings", tg: str = "Вохӯриҳо", ru: str = "Встречи") -> Category:
    return Category.objects.get_or_create(slug=slug, defaults={"name_en": en, "name_tg": tg, "name_ru": ru})[0]


def place(slug: str = "dushanbe", en: str = "Dushanbe city") -> Place:
    names = {"name_en": en, "name_tg": "шаҳри Душанбе", "name_ru": "город Душанбе"}
    return Place.objects.get_or_create(slug=slug, defaults=names)[0]


def partners() -> list[Partner]:
    """UN and SCO, as the source page links to them."""
    return [
        Partner.objects.create(
            name_tg="Созмони Милали Муттаҳид", name_ru="Организация Объединённых Наций", name_en="United Nations",
            short_name_tg="СММ", short_name_ru="ООН", short_name_en="UN", url="https://www.un.org/", position=0,
        ),
        Partner.objects.create(
            name_tg="Созмони ҳамкории Шанхай", name_ru="Шанхайская организация сотрудничества",
            name_en="Shanghai Cooperation Organisation", short_name_tg="СҲШ", short_name_ru="ШОС", short_name_en="SCO",
            url="https://eng.sectsco.org/", position=1,
        ),
    ]  # fmt: skip


def event(starts_at: str | datetime = "2022-01-10 13:45", *categories: Category, **values: Any) -> Event:
    moment = local(starts_at) if isinstance(starts_at, str) else starts_at
    made = Event.objects.create(starts_at=moment, **values)
    made.categories.set(categories or [category()])
    return made


def report(of: Event | None = None, language: str = "en", **values: Any) -> Report:
    """A published report; ``status="draft"`` and ``published_at`` make it anything else."""
    values = {"title": TITLES[language], "lead": "", "body": "Text.", "status": Report.Status.PUBLISHED} | values
    values.setdefault("published_at", timezone.now() - timedelta(hours=1))
    return Report.objects.create(event=of or event(), language=language, **values)


def picture(size: tuple[int, int] = (300, 200), kind: str = "JPEG", mode: str = "RGB", **options: Any) -> ContentFile:
    """The bytes of a picture: blue above, yellow below, so that its upper edge can be told."""
    image = Image.new("RGB", size, (20, 40, 200))
    image.paste((240, 220, 40), (0, size[1] // 2, *size))
    return upload(image.convert(mode), kind, **options)


def upload(image: Image.Image, kind: str = "JPEG", name: str = "", **options: Any) -> ContentFile:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return ContentFile(out.getvalue(), name=name or f"DSC_0042.{kind.lower()}")


def photo(of: Event, file: ContentFile | None = None, **values: Any) -> Photo:
    return Photo.objects.create(event=of, image=file or picture((60, 40)), **values)


def many_reports(number: int, language: str = "en", start: str = "2020-01-01 09:00", **values: Any) -> list[Report]:
    """``number`` published reports, a day apart, in a few queries and all in one category and place."""
    first, here, section = local(start), place(), category()
    events = Event.objects.bulk_create(
        Event(starts_at=first + timedelta(days=step), place=here) for step in range(number)
    )
    Event.categories.through.objects.bulk_create(
        Event.categories.through(event_id=made.pk, category_id=section.pk) for made in events
    )
    published_at = timezone.now() - timedelta(hours=1)
    return Report.objects.bulk_create(
        Report(
            event=made, language=language, title=f"Event {step:03}", slug=f"event-number-{step:03}",
            body="<p>Text.</p>",
            status=Report.Status.PUBLISHED, published_at=published_at, **values,
        )
        for step, made in enumerate(events)
    )  # fmt: skip


def staff(*roles: str, username: str = "aziza") -> User:
    """Somebody of the staff in the roles that migrations made."""
    user = User.objects.create_user(username, password=PASSWORD, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    assert user.groups.count() == len(roles), "migrations make these roles"
    return user
