"""Who may do what at the desk, and how its forms take text in."""

from django.db import models
from django.http import HttpRequest

from portal.fields import LineField, LinesField

from ..models import Event, Report

PUBLISH = "news.publish_report"
# Text is taken in one encoding and without characters that hide others.
TEXT_FIELDS = {models.CharField: {"form_class": LineField}, models.TextField: {"form_class": LinesField}}


def is_locked(request: HttpRequest, event: Event | None) -> bool:
    """The facts and photos of an event that a chief has published are changed by those who may publish.

    Also while it waits for its time or is under embargo: otherwise who may not publish could end the embargo.
    """
    if not event or not event.pk or request.user.has_perm(PUBLISH):
        return False
    return event.reports.filter(status=Report.Status.PUBLISHED).exists()
