"""Files that came while the virus scanner did not answer: scanned later, by a process that has the office's key."""

from __future__ import annotations

from django.db import transaction

from .. import vault
from ..choices import Scan
from ..models import AppealFile
from ..scan import scan
from .base import Action, data_key, lock, record


def scan_held() -> int:
    """Ask the scanner about every file that is held; how many it could judge. It stops when there is no answer."""
    judged = 0
    for file_id in list(AppealFile.objects.filter(scan=Scan.HELD).values_list("pk", flat=True)):
        file = AppealFile.objects.select_related("appeal").filter(pk=file_id, scan=Scan.HELD).first()
        if file is None:
            continue  # Another worker was here, or the appeal was erased.
        try:
            content = vault.decrypt(data_key(file.appeal), file.box)
        except vault.Unreadable:
            continue  # Sealed to a key that is not here: it stays held.
        found = scan(content)
        if found not in (Scan.CLEAN, Scan.INFECTED):
            break
        judged += settle(file, found)
    return judged


@transaction.atomic
def settle(file: AppealFile, found: str) -> bool:
    """Free or condemn a held file; the journal keeps which. False if that was done meanwhile."""
    appeal = lock(file.appeal)
    if not AppealFile.objects.filter(pk=file.pk, scan=Scan.HELD).update(scan=found):
        return False
    record(appeal, Action.INFECTED if found == Scan.INFECTED else Action.CLEARED, None, {"file": file.pk})
    return True
