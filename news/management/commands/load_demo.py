"""Load the demonstration content: invented event reports with drawn pictures, once."""

import io
import json
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from news import demo
from news.demo.pictures import draw
from news.models import Category, Event, Partner, Photo, Place, Report, Topic

FOLDER = Path(demo.__file__).parent
SMALL = 1000  # the long side of a small picture, in pixels


class Command(BaseCommand):
    help = "Load the demonstration content; what is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--production", action="store_true", help="load it into a production database all the same")
        parser.add_argument("--without-pictures", action="store_true", help="only texts (for tests)")
        parser.add_argument("--small-pictures", action="store_true", help="drawn in a third of the time (for tests)")

    def handle(self, **options: Any) -> None:
        if settings.PRODUCTION and not options["production"]:
            raise CommandError("This is a production database; --production loads demonstration content all the same.")
        events = json.loads((FOLDER / "events.json").read_text(encoding="utf-8"))
        known = set(Event.objects.exclude(demo_key=None).values_list("demo_key", flat=True))
        wanted = [event for event in events if event["key"] not in known]
        if not wanted:
            self.stdout.write("The demonstration content is loaded already.")
            return
        load_names()
        photos = [] if options["without_pictures"] else [photo for event in wanted for photo in event["photos"]]
        if options["small_pictures"]:
            for photo in photos:
                photo["size"] = [round(side * SMALL / max(photo["size"])) for side in photo["size"]]
        self.stdout.write(f"Loading {len(wanted)} events; drawing {len(photos)} pictures …")
        self.stdout.flush()
        with ProcessPoolExecutor() as pool:
            drawn = dict(zip(map(id, photos), pool.map(draw_jpeg, photos), strict=True))
            for number, event in enumerate(wanted, 1):
                load_event(event, drawn)
                self.stdout.write(f"\r{number}/{len(wanted)}", ending="")
                self.stdout.flush()
        self.stdout.write(f"\rLoaded {len(wanted)} events.")


def load_names() -> None:
    """Categories, places, topics and partners; one that exists is left as staff made it."""
    facts = json.loads((FOLDER / "facts.json").read_text(encoding="utf-8"))
    for model, key in ((Category, "categories"), (Place, "places"), (Topic, "topics"), (Partner, "partners")):
        for position, fact in enumerate(facts[key]):
            values = {f"name_{code}": fact[code] for code in ("tg", "ru", "en")}
            if model is Partner:
                values |= {f"short_name_{code}": fact[f"short_{code}"] for code in ("tg", "ru", "en")}
                values["url"] = fact["url"]
            if model in (Category, Partner):
                values["position"] = position
            model.objects.get_or_create(slug=fact["slug"], defaults=values)


def draw_jpeg(photo: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    draw(photo["scene"], photo["seed"], tuple(photo["size"])).save(out, "JPEG", quality=88)
    return out.getvalue()


@transaction.atomic
def load_event(data: dict[str, Any], drawn: dict[int, bytes]) -> None:
    """One event, whole or not at all: an interrupted run is simply started again."""
    starts_at = datetime.fromisoformat(data["starts_at"]).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    event = Event.objects.create(
        demo_key=data["key"],
        starts_at=starts_at,
        place=Place.objects.get(slug=data["place"]) if data["place"] else None,
    )
    event.categories.set(Category.objects.filter(slug__in=data["categories"]))
    event.topics.set(Topic.objects.filter(slug__in=data["topics"]))
    for position, photo in enumerate(data["photos"]):
        if id(photo) in drawn:
            texts = {f"caption_{code}": text for code, text in photo["caption"].items()}
            texts |= {f"alt_{code}": text for code, text in photo["alt"].items()}
            image = ContentFile(drawn[id(photo)], name="picture.jpg")
            made = Photo(event=event, image=image, position=position, credit=photo["credit"], **texts)
            made.save(at_once=True)
    for language, report in data["reports"].items():
        Report.objects.create(
            event=event,
            language=language,
            title=report["title"],
            lead=report["lead"],
            body="\n\n".join(report["body"]),
            status=Report.Status.PUBLISHED,
            published_at=starts_at,
        )
