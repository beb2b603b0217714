"""Who may do what at the desk, and how its forms take text in."""

from django.db import models
from django.http import HttpRequest

from portal.fields import LineField, LinesField

from ..models import Event

PUBLISH = "news.publish_report"
# Text is taken in one encoding and without characters that hide others.
TEXT_FIELDS = {models.CharField: {"form_class": LineField}, models.TextField: {"form_class": LinesField}}


def is_locked(request: HttpRequest, event: Event | None) -> bool:
    """A published event's facts and photos are changed by those who may publish."""
    return bool(event and event.pk and not request.user.has_perm(PUBLISH) and event.reports.published().exists())
