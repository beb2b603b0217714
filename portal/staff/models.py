"""What the portal remembers of the staff's sign-ins: second factors, sessions, and the record of what happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NoReturn

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

LONGEST = timedelta(hours=12)


class Factor(models.Model):
    """Something that proves a person beside the password. A recovery code is one row, and goes when it is used."""

    class Kind(models.TextChoices):
        APP = "app", _("authenticator app")
        PASSKEY = "passkey", _("passkey")
        CODE = "code", _("recovery code")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=7, choices=Kind)
    # A passkey's number, a code's keyed hash; of the app there is one, without a key.
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=60)
    # The app's seed, sealed with a key made from SECRET_KEY; the passkey's public half.
    secret = models.TextField()
    # The last time step of the app, the last number of a passkey that counts: nothing passes twice.
    counter = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "kind", "key"], name="factor_is_one")]


class StaffSession(models.Model):
    """A browser in which somebody of the staff is signed in. Without its row a session is worth nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_sessions")
    device = models.CharField(max_length=60)
    place = models.CharField(max_length=50)
    began_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    proved_at = models.DateTimeField(null=True)
    second = models.BooleanField(default=False)
    # What the person was and might do when it began; see portal.staff.sessions.stamp.
    stamp = models.CharField(max_length=64)

    # Set by portal.staff.sessions.current: the database's time, whether its owner has a second factor, and whether
    # the owner chose the password or got it from somebody.
    now: datetime
    has_factor: bool
    password_is: str

    class Meta:
        ordering = ["-seen_at"]
        default_permissions = ()

    @property
    def is_complete(self) -> bool:
        """All that is asked for at sign-in was given."""
        return self.second if self.has_factor else settings.SECOND_FACTOR == "optional"

    @property
    def needs_password(self) -> bool:
        """Its owner must choose a password before anything else: who gave the present one knows it."""
        return settings.SECOND_FACTOR == "required" and self.password_is == SecurityEvent.Kind.GIVEN

    @property
    def idle_seconds(self) -> int:
        return settings.STAFF_IDLE_MINUTES * 60

    @property
    def seconds_left(self) -> int:
        """Until it ends if nothing is done, or its twelve hours are over."""
        idle = self.seen_at + timedelta(seconds=self.idle_seconds)
        return max(0, int((min(idle, self.began_at + LONGEST) - self.now).total_seconds()))


class AppendOnly(models.QuerySet["SecurityEvent"]):
    def update(self, **_values: object) -> NoReturn:
        raise TypeError("The record of security events is append-only.")

    def delete(self) -> NoReturn:
        raise TypeError("The record of security events is append-only.")


class SecurityEvent(models.Model):
    """One thing that happened to a login. No password, no code, no full address; append-only."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("signed in")
        NEW_DEVICE = "new_device", _("signed in from a new browser")
        REFUSED = "refused", _("sign-in refused")
        SECOND_REFUSED = "second_refused", _("second factor refused")
        THROTTLED = "throttled", _("too many attempts")
        SIGNED_OUT = "signed_out", _("signed out")
        ADDED = "added", _("second factor added")
        REMOVED = "removed", _("second factor removed")
        RESET = "reset", _("second factors reset")
        ENDED = "ended", _("session ended")
        CONFIRMED = "confirmed", _("identity confirmed")
        PASSWORD = "password", _("password changed")  # pragma: allowlist secret - a kind of event
        GIVEN = "given", _("password given by somebody else")

    class Detail(models.TextChoices):
        APP = "app", _("authenticator app")
        PASSKEY = "passkey", _("passkey")
        CODE = "code", _("recovery code")
        PASSWORD = "password", _("password")  # pragma: allowlist secret - a kind of event
        IDLE = "idle", _("nothing was done for long")
        LONG = "long", _("12 hours were over")
        CHANGED = "changed", _("rights or password changed")
        OTHER = "other", _("ended from another browser")

    at = models.DateTimeField(_("when"), db_default=Now())
    kind = models.CharField(_("what"), max_length=14, choices=Kind)
    detail = models.CharField(_("detail"), max_length=8, choices=Detail, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="security_events", verbose_name=_("login")
    )
    # Logins stay readable after an account is gone. What was typed for an unknown login is not kept: it may be a
    # password in the wrong field.
    login = models.CharField(_("login"), max_length=150, blank=True)
    actor = models.CharField(_("by whom"), max_length=150, blank=True)
    device = models.CharField(_("browser"), max_length=60, blank=True)
    place = models.CharField(_("network"), max_length=50, blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True, editable=False)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["kind", "-id"], name="security_events_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise TypeError("The record of security events is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("The record of security events is append-only.")
