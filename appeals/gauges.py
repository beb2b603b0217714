"""The office's figures for operators: see ``portal.gauges``."""

from __future__ import annotations

from django.utils import timezone

from portal.gauges import Values, by, gauge

from . import term
from .choices import Scan
from .models import Appeal, AppealFile, Draft
from .queues import RUNNING


@gauge("portal_appeals", "Appeals by status.", "status")
def appeals() -> Values:
    none: Values = {(status,): 0 for status in Appeal.Status.values}
    return none | by(Appeal.objects.all(), "status")


@gauge("portal_appeals_overdue", "Appeals whose term is over and that have no answer.")
def overdue() -> Values:
    return {(): Appeal.objects.filter(status__in=RUNNING, due_on__lt=term.local_day(timezone.now())).count()}


@gauge("portal_drafts", "Appeals that are being written.")
def drafts() -> Values:
    return {(): Draft.objects.filter(sent=False, expires_at__gt=timezone.now()).count()}


@gauge("portal_files_unscanned", "Files of appeals that wait for the virus scanner.")
def unscanned() -> Values:
    return {(): AppealFile.objects.filter(scan=Scan.HELD).count()}


@gauge("portal_files_unscanned_oldest_seconds", "Since when the appeal of the first of them waits.")
def oldest_unscanned() -> Values:
    first = AppealFile.objects.filter(scan=Scan.HELD).select_related("appeal").only("appeal__received_at").first()
    return {(): (timezone.now() - first.appeal.received_at).total_seconds() if first else 0}
