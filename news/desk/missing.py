"""Events that are published in some language and lack another without a word why: for the dashboard and the list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Event, Report

DAYS = 30
MISSING = "missing"


def lacking_languages() -> QuerySet[Event]:
    """The events of the last days that are published in some language, lack another, and give no reason for it."""
    since = timezone.now() - timedelta(days=DAYS)
    published = Count("reports", filter=Q(reports__status=Report.Status.PUBLISHED), distinct=True)
    counted = Event.objects.filter(starts_at__gte=since, languages_note="").annotate(published=published)
    lacking = counted.filter(published__gt=0, published__lt=len(settings.LANGUAGES))
    return Event.objects.filter(pk__in=lacking.values("pk"))


class MissingFilter(admin.SimpleListFilter):
    title = _("languages")
    parameter_name = "languages"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(MISSING, _("missing, events of the last 30 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(pk__in=lacking_languages().values("pk")) if self.value() == MISSING else queryset
