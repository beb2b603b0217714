"""When time alone changes what readers see: an hour of publication, the end of an embargo or a pin, a new day."""

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from .models import Event, FrontPin, Report


def next_moment(now: datetime) -> datetime:
    """The next of them after ``now``. Three queries."""
    scheduled = Report.objects.filter(status=Report.Status.PUBLISHED, published_at__gt=now)
    found = [
        scheduled.aggregate(next=Min("published_at")),
        Event.objects.filter(embargo_until__gt=now).aggregate(next=Min("embargo_until")),
        FrontPin.objects.filter(until__gt=now).aggregate(next=Min("until")),
    ]
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return min([midnight, *(row["next"] for row in found if row["next"])])
