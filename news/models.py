"""Events and their reports: what took place, and the text about it in each language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Prefetch, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from portal.page_urls import page_url
from portal.public_changes import Public, PublicQuerySet
from portal.text import slugify, validate_characters

from .body import clean_body, words

# Models with modules of their own; Django looks for them here.
from .desk_records import DraftReading as DraftReading
from .desk_records import PreviewLink as PreviewLink
from .desk_records import WorkingCopy as WorkingCopy
from .links import BrokenLink as BrokenLink
from .links import OldAddress as OldAddress
from .names import Category, Place, Topic
from .names import Partner as Partner
from .photos import Photo as Photo
from .photos import Video as Video
from .pins import FrontPin as FrontPin
from .reads import DailyReads as DailyReads
from .search_index import SearchEntry
from .statement import text_digest
from .subscriptions import Announcement as Announcement
from .subscriptions import Subscription as Subscription
from .unindexed import Unindexed


class Event(Public):
    """Something that took place: when, where, in which sections, with which photos. Knows no language."""

    starts_at = models.DateTimeField(_("date and time"), help_text=_("Dushanbe time."))
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, verbose_name=_("place"), related_name="events", db_index=False
    )
    categories = models.ManyToManyField(Category, verbose_name=_("categories"), related_name="events")
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), related_name="events", blank=True)
    related = models.ManyToManyField(
        "self",
        verbose_name=_("related events"),
        symmetrical=False,
        blank=True,
        related_name="+",
        help_text=_("Shown first among the related reports, before those of the same visit, topic and category."),
    )
    embargo_until = models.DateTimeField(
        _("embargo until"),
        null=True,
        blank=True,
        help_text=_("Dushanbe time. Until then readers see nothing of this event in any language, photos included."),
    )
    languages_note = models.CharField(
        _("why a language is missing"),
        max_length=300,
        blank=True,
        validators=[validate_characters],
        help_text=_("For the desk: for instance, that a telegram is published in Tajik alone."),
    )
    demo_key = models.SlugField(max_length=100, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        # Several events share a minute: the number settles the order.
        ordering = ["-starts_at", "-id"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        # The order of every list, and of the list of a place (which also serves as the index of its key).
        indexes = [
            models.Index(fields=["starts_at", "id"], name="events_by_time"),
            models.Index(fields=["place", "starts_at", "id"], name="events_by_place"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H:%M} · {self.headline}"

    @property
    def headline(self) -> str:
        """The title of the first report there is: Tajik, Russian, English; for lists of staff."""
        titles = {report.language: report.title for report in self.reports.all()}
        return next((titles[code] for code, _name in settings.LANGUAGES if code in titles), str(_("no report yet")))

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        for filed in [*self.photos.all(), *self.videos.all()]:
            filed.delete()  # One by one: a cascade would leave their files.
        return super().delete(*args, **kwargs)

    @property
    def category_list(self) -> list[Category]:
        return list(self.categories.all())


# What stands beside a report at its address.
RESERVED_SLUGS = {"press-kit"}
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


class ReportQuerySet(PublicQuerySet):
    def published(self, now: datetime | None = None) -> Self:
        """What the public may see. Every public surface starts here and nowhere else."""
        return self._open(Report.Status.PUBLISHED, now or timezone.now())

    def withdrawn(self, now: datetime | None = None) -> Self:
        """What readers saw once and may be told is gone; of anything else they are told nothing."""
        return self._open(Report.Status.WITHDRAWN, now or timezone.now())

    def _open(self, status: str, now: datetime) -> Self:
        """Reports in ``status`` whose time has come, and whose event is under no embargo."""
        return self.filter(LessThanOrEqual(Unindexed("published_at"), now), status=status).filter(
            Q(event__embargo_until=None) | Q(event__embargo_until__lte=now)
        )

    def in_language(self, language: str) -> Self:
        return self.filter(language=language)

    def bulk_create(self, *args: object, **kwargs: object) -> list[Report]:
        made = super().bulk_create(*args, **kwargs)
        SearchEntry.write(made)
        Report.history.bulk_history_create(made)
        return made

    def newest_first(self) -> Self:
        # The bound leaves nothing out; with it SQLite walks along the index of times instead of sorting the archive.
        return self.filter(event__starts_at__lte=END_OF_TIME).order_by("-event__starts_at", "-event_id")

    def before(self, starts_at: datetime, event_id: int) -> Self:
        """Reports of events that come before the given point in the order (date and time, number)."""
        # The plain bound says nothing new, but a database finds its place in the index of times by it.
        bounded = self.filter(event__starts_at__lte=starts_at)
        return bounded.filter(Q(event__starts_at__lt=starts_at) | Q(event_id__lt=event_id))

    def after(self, starts_at: datetime, event_id: int) -> Self:
        bounded = self.filter(event__starts_at__gte=starts_at)
        return bounded.filter(Q(event__starts_at__gt=starts_at) | Q(event_id__gt=event_id))

    def with_cards(self) -> Self:
        """With all that a card or a row of a list shows: two more queries, whatever the number of rows."""
        return self.select_related("event__place").prefetch_related(*card_parts())


def card_parts() -> tuple[Prefetch | str, ...]:
    """What a card or a row shows besides the report, its event and place: one query each."""
    return Prefetch("event__photos", Photo.objects.leads(), to_attr="lead_photos"), "event__categories"


class Report(Public):
    """The text about an event in one language."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    # Its index is that of ``one_report_per_language``.
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="reports", db_index=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=300, validators=[validate_characters])
    slug = models.SlugField(_("address"), max_length=100, blank=True, editable=False, db_index=False)
    lead = models.TextField(
        _("lead"),
        max_length=600,
        blank=True,
        validators=[validate_characters],
        help_text=_("One or two sentences that stand under the title and in lists."),
    )
    body = models.TextField(
        _("text"),
        blank=True,
        help_text=_("Leave an empty line between paragraphs. Simple HTML is kept, the rest is removed."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        _("published at"),
        null=True,
        blank=True,
        help_text=_("Dushanbe time. Empty: the moment of publishing."),
    )
    corrections = models.JSONField(default=list, editable=False)
    urgent_reason = models.CharField(
        _("why it was urgent"), max_length=300, blank=True, editable=False, validators=[validate_characters]
    )
    urgent_reviewed_at = models.DateTimeField(null=True, editable=False)
    # The digest of the text, and of the Tajik text that a translation was made from: see ``news.statement``.
    digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Counts the saves: a form that was opened at an earlier one is not saved over a later one.
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReportQuerySet.as_manager()
    history = HistoricalRecords(cascade_delete_history=True)

    class Meta:
        ordering = ["event", "id"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["event", "language"], name="one_report_per_language"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False), name="published_has_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["language", "status", "event"]),
            models.Index(fields=["published_at"], name="reports_by_publishing"),
        ]
        permissions = [("publish_report", "Can publish and withdraw reports")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.derive()
        with transaction.atomic():
            super().save(*args, **kwargs)
            SearchEntry.write([self])

    def derive(self) -> None:
        """Bring all that follows from the text and the status up to date."""
        self.body = clean_body(self.body)
        slug = slugify(self.title)
        # Never digits alone: such an address would read as a year and a month. Nor the address of another page.
        good = slug.strip("0123456789-") and slug not in RESERVED_SLUGS
        self.slug = slug if good else f"event-{slug}".rstrip("-")
        self.digest = text_digest(self.language, self.title, self.lead, self.body)
        self.revision += 1
        if self.status == self.Status.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()

    def get_absolute_url(self) -> str:
        return page_url("news:report", self.event_id, self.slug, language=self.language)

    def correct(self, text: str) -> None:
        """Tell readers what was corrected, with the moment; ``save`` must follow."""
        self.corrections = [*self.corrections, {"at": timezone.now().isoformat(), "text": text}]

    @property
    def correction_list(self) -> list[tuple[datetime, str]]:
        """When and what was corrected, the latest first."""
        return [(datetime.fromisoformat(made["at"]), made["text"]) for made in reversed(self.corrections)]

    @property
    def is_public(self) -> bool:
        """Whether readers see it: ``published()`` for a report that is at hand."""
        now = timezone.now()
        if self.status != self.Status.PUBLISHED or self.published_at > now:
            return False
        return not self.event.embargo_until or self.event.embargo_until <= now

    @property
    def body_html(self) -> SafeString:
        """The text for the page. It was cleaned when it was saved: see ``news.body``."""
        return mark_safe(self.body)  # noqa: S308  # nosec B308 B703 # cleaned when it was saved

    @property
    def description(self) -> str:
        """What a search engine or a shared link shows: the lead, else the first words, as plain text."""
        return Truncator(self.lead or words(self.body)).chars(200)

    @property
    def lead_photo(self) -> Photo | None:
        """The event's first photo, if the query brought it (``with_cards``)."""
        return next(iter(self.event.lead_photos), None)

    @property
    def modified_at(self) -> datetime:
        return max(self.updated_at, self.event.updated_at)
