"""Appeals, their files, and what office and applicant write to each other. ``casework`` makes every change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import article21, divisions
from ..choices import Applicant, FileRole, Held, Kind, Scan, Verdict


class Series(models.Model):
    """The last number given in a year. Its row is locked while an appeal is taken, so there are no gaps."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Appeal(models.Model):
    """An appeal that was taken. In clear stands only what work needs; who wrote what is in the box."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        REGISTERED = "registered", _("registered")
        WAITING = "waiting", _("waiting for the applicant")
        FORWARDED = "forwarded", _("at another authority")
        JOINED = "joined", _("joined to another appeal")
        ANSWERED = "answered", _("answered")
        NOT_EXAMINED = "not_examined", _("not examined")
        WITHDRAWN = "withdrawn", _("withdrawn by the applicant")

    class Channel(models.TextChoices):
        """The way by which an appeal came."""

        WEB = "web", _("this site")
        TELEPHONE = "telephone", _("telephone")
        POST = "post", _("post")
        RECEPTION = "reception", _("reception")

    number = models.CharField(_("number"), max_length=11, unique=True)
    tracking_hash = models.CharField(max_length=64, unique=True)
    digest = models.CharField(_("digest"), max_length=64)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    applicant = models.CharField(_("applicant"), max_length=10, choices=Applicant)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    region = models.CharField(_("region"), max_length=40, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RECEIVED, db_index=True)
    verdict = models.CharField(_("assessment"), max_length=20, choices=Verdict)
    grounds = models.JSONField(_("grounds"), default=list)
    notes = models.JSONField(_("notes"), default=list)
    crime = models.CharField(_("crime information"), max_length=12, default=article21.Crime.NOT_CLAIMED)
    # An officer found, with a note of what was checked, that the data do not correspond to reality (Article 21).
    truth_refuted = models.BooleanField(_("data found untrue"), default=False)
    # When information about a crime was confirmed, and when it was handed over to the body that is competent for it.
    crime_confirmed_at = models.DateTimeField(null=True)
    crime_handed_at = models.DateTimeField(null=True)
    policy_version = models.CharField(max_length=80)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)
    # Who wrote it down for the applicant; its sender came by telephone, by post or to the reception.
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    topic = models.ForeignKey("Topic", models.PROTECT, null=True, related_name="appeals", verbose_name=_("topic"))
    department = models.ForeignKey(
        "Department", models.PROTECT, null=True, related_name="appeals", verbose_name=_("department")
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="appeals", verbose_name=_("officer")
    )
    # A repeat, or one of many about the same: it ends together with the appeal that it is joined to.
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined", verbose_name=_("joined to"))
    # Who wrote the answer that waits for a second person.
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received at"), db_index=True)
    registered_at = models.DateTimeField(_("registered at"), null=True)
    due_on = models.DateField(_("answer due on"), null=True, db_index=True)
    # Why staff are to look at it before it is registered (see ``gate``), comma-separated; empty: not held.
    held = models.CharField(_("held"), max_length=40, blank=True)
    # While the office waits for the applicant its clock stands still.
    paused_at = models.DateTimeField(_("clock paused at"), null=True)
    # Until when it waits. Nothing happens by itself afterwards: an officer decides.
    wait_until = models.DateField(_("waits until"), null=True, db_index=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    satisfied = models.BooleanField(_("the answer helped"), null=True)
    # While it is on hold nothing erases it; the reason is among its messages, encrypted.
    on_hold_since = models.DateTimeField(_("on hold since"), null=True)
    erased_at = models.DateTimeField(_("erased at"), null=True)
    archived_at = models.DateTimeField(_("archived at"), null=True)
    # Grows with every step that changes the case: who acts on an older one is told so (see ``casework.base.lock``).
    revision = models.PositiveIntegerField(default=0)
    # A keyed mark of the network it came from, kept a few days to notice a burst.
    network_mark = models.CharField(max_length=16, blank=True)
    # By which key and rules its words were indexed for the office's search (``BlindIndex.name``); empty: not yet.
    indexed_with = models.CharField(max_length=16, blank=True, db_index=True)
    # The data key, sealed to the office's key (which of them) and to the tracking code.
    sealed_key = models.BinaryField()
    office_key_id = models.CharField(max_length=16, blank=True, db_index=True)
    sealed_to_code = models.BinaryField(default=bytes)
    box = models.BinaryField()
    # The hash of the last journal entry: without it nobody would see that the journal's end was cut off.
    journal_head = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        permissions = [
            ("register_appeal", "Can register appeals"),
            ("read_content", "Can read what applicants wrote"),
            ("answer_appeal", "Can ask applicants and answer appeals"),
            ("replace_code", "Can replace a lost tracking code"),
            ("assign_appeal", "Can assign appeals to departments and officers"),
            ("forward_appeal", "Can forward appeals to other authorities"),
            ("approve_answer", "Can approve answers that somebody else wrote"),
            ("rule_on_appeal", "Can rule on crime information and on the truth of data"),
            ("reveal_identity", "Can see who an applicant is"),
            ("enter_appeal", "Can enter appeals made by telephone, by post or at the reception"),
            ("print_appeal", "Can print appeals and hand them over as files"),
            ("export_appeals", "Can export lists of appeals"),
            ("archive_appeal", "Can reopen and archive appeals"),
            ("view_statistics", "Can see the statistics of appeals"),
        ]
        indexes = [
            # All that the queues ask about, of the open appeals alone: counted and ordered without the wide rows.
            models.Index(
                fields=["due_on", "id"],
                condition=models.Q(status__in=("received", "registered", "waiting", "forwarded")),
                include=(
                    "status officer department crime crime_handed_at held prepared_by wait_until received_at"
                ).split(),
                name="appeals_open",
            ),
            # All that the lists are filtered by: a rare combination among all appeals is found in it alone.
            models.Index(
                fields=["-id"],
                include=(
                    "status kind region topic department officer channel language verdict applicant received_at "
                    "on_hold_since archived_at erased_at"
                ).split(),
                name="appeals_filtered",
            ),
            models.Index(fields=["-id"], condition=~models.Q(held=""), name="appeal_held"),
            models.Index(fields=["status", "ended_at"], condition=models.Q(erased_at=None), name="appeals_to_erase"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> str:
        """The status in words, as the office sees it."""
        return str(_("erased")) if self.erased_at else self.get_status_display()

    @property
    def held_because(self) -> str:
        """In words, why the appeal is held; empty if it is not."""
        return "; ".join(str(Held(reason).label) for reason in self.held.split(",") if reason)

    @property
    def region_name(self) -> str:
        return divisions.name(self.region, get_language()) or str(_("abroad") if self.region else _("not given"))


class AppealFile(models.Model):
    """A file of an appeal, encrypted with the appeal's data key.

    Its name and type are in the box of the message that it came with; those of the files that were sent with the
    appeal itself are in the appeal's box.
    """

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="files")
    message = models.ForeignKey("Message", models.CASCADE, null=True, related_name="files")
    role = models.CharField(max_length=12, choices=FileRole)
    scan = models.CharField(max_length=8, choices=Scan, default=Scan.NONE)
    box = models.BinaryField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index("id", condition=models.Q(scan=Scan.HELD), name="held_files")]


class Message(models.Model):
    """What the office and the applicant write to each other about an appeal, encrypted with its data key."""

    class Author(models.TextChoices):
        APPLICANT = "applicant", _("applicant")
        OFFICE = "office", _("office")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="messages")
    author = models.CharField(max_length=10, choices=Author)
    kind = models.CharField(max_length=12)  # The journal's word for the step that it came with.
    at = models.DateTimeField()
    box = models.BinaryField()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
