"""The office in the admin: each part is a module of ``desk``; every step goes through ``casework``."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from .desk import lists as lists
from .desk.calendar import HolidayAdmin as HolidayAdmin
from .desk.case import CasePage
from .desk.doors import Doors
from .desk.entering import Entering
from .desk.erasure import ErasureProposalAdmin as ErasureProposalAdmin
from .desk.hold import HoldSteps
from .desk.identity import Identity
from .desk.journal import JournalAdmin as JournalAdmin
from .desk.presence import PresencePart
from .desk.printing import Printing
from .desk.queues import Queues
from .desk.saved import SavedFilterAdmin as SavedFilterAdmin
from .desk.search import FindPage
from .desk.seen_before import SeenBefore
from .desk.statistics import StatisticsPage
from .models import Appeal


@admin.register(Appeal)
class AppealAdmin(
    Doors,
    StatisticsPage,
    Identity,
    HoldSteps,
    Entering,
    Printing,
    FindPage,
    SeenBefore,
    PresencePart,
    CasePage,
    Queues,
    admin.ModelAdmin,
):
    """Appeals are never added, changed or deleted as rows: each change is a step."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Appeal | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Appeal | None = None) -> bool:
        return False
