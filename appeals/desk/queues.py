"""The list of appeals as a workplace: queues with counts, filters, why each row is there, search by number."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.presence import name_of

from .. import casework, queue_words, queues, term
from ..models import Appeal, SavedFilter, Series
from .bulk import BulkActions
from .filters import FilterForm, Offer, offer

# Nobody turns more pages: whoever looks for something older narrows the list down.
LISTED = 5000


class CappedPaginator(Paginator):
    """Counts no further than it shows; the list has counted beside its queues (see ``QueueList.get_queryset``)."""

    @property
    def count(self) -> int:
        return self.object_list.here

    def validate_number(self, number: int) -> int:
        """A page that there is: while somebody turns pages, colleagues make the list shorter."""
        return min(max(number, 1), self.num_pages)


class QueueList(ChangeList):
    """A page of a queue. The queue and the filters come from the address alone."""

    offered: Offer
    counts: dict[str, int]

    def get_filters(self, request: HttpRequest) -> tuple[Any, ...]:
        """The filters are one form instead of Django's links: no other parameter looks anything up."""
        return [], False, {}, False, False

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Appeal]:
        self.offered = offer(request.user)
        self.desk = queues.desk_of(request.user, self.offered.own())
        self.form = FilterForm(request.GET, self.offered)
        # A number is looked for everywhere; the address of a queue that there is not shows the first.
        begin = "all" if self.query else self.desk.first
        self.queue = queues.QUEUES.get(request.GET.get("queue", begin), queues.QUEUES[begin])
        mine = self.model_admin.get_queryset(request)
        self.root_queryset = mine.filter(self.queue.where(self.desk) & self.form.where())
        found = super().get_queryset(request, exclude_parameters)
        self.counts = queues.counts(self.desk, found, LISTED)
        found.here = self.counts["here"]
        return found

    def _get_default_ordering(self) -> list[Any]:
        return queues.order(self.queue, self.desk)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.page_num = self.paginator.validate_number(self.page_num)
        self.result_list = list(queues.rows(self.queryset, self.result_list[: self.list_per_page]))
        times = queue_words.since(self.result_list)
        for appeal in self.result_list:
            appeal.why = queue_words.why(appeal, self.desk, times)
            appeal.term_words = queue_words.term_in_words(appeal, self.desk.today)

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        """Every queue with its count; the present one is marked."""
        return [
            {"name": name, "title": queue.title, "count": shown(self.counts[name]), "is_current": queue is self.queue}
            for name, queue in queues.QUEUES.items()
        ]

    @cached_property
    def saved(self) -> list[SavedFilter]:
        """Those of this person and those shared by others; the present one is marked."""
        found = list(SavedFilter.objects.filter(Q(owner=self.desk.officer) | Q(shared=True)))
        for one in found:
            one.is_current = one.query == self.address
            one.is_own = one.owner_id == self.desk.officer
        return found

    @cached_property
    def address(self) -> str:
        """The present queue with its filters, as a query string."""
        return self.form.query()

    @cached_property
    def chips(self) -> list[tuple[str, str, str]]:
        return list(self.form.chips())

    @property
    def is_cut(self) -> bool:
        return self.result_count >= LISTED


def shown(count: int) -> str:
    return f"{queues.CAP}+" if count > queues.CAP else str(count)


def by_number(text: str) -> Q:
    """Finds a number as people say it: ``2026-000123``, ``000123``, ``123``, the beginning of one with its year."""
    found = re.fullmatch(r"\D*(?:(20\d\d)(?:\D|(?=\d{6}$)))?(\d{1,6})\D*", text.strip())
    if not found:
        return Q(pk__in=[])
    year, rest = found.groups()
    if year:
        return Q(number=f"{year}-{int(rest):06d}") | Q(number__startswith=f"{year}-{rest}")
    of_each_year = Concat(Cast("year", CharField()), Value(f"-{int(rest):06d}"))
    return Q(number__in=Series.objects.annotate(number=of_each_year).values("number"))


class Queues(BulkActions):
    """Mixed into the admin of appeals."""

    list_display = (
        "number", "why", "term", "state", "who_has_it", "received", "kind", "region_name", "channel", "verdict",
    )  # fmt: skip
    sortable_by = ()
    list_select_related = ("officer", "department")
    search_fields = ("number",)
    search_help_text = gettext_lazy("The appeal's number, with or without its year")
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    paginator = CappedPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QueueList

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return False  # The form of filters knows what can be asked; nothing else is looked up.

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(
            request, {"title": capfirst(self.opts.verbose_name_plural), "is_nav_sidebar_enabled": False}
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Appeal], search_term: str
    ) -> tuple[QuerySet[Appeal], bool]:
        return (queryset.filter(by_number(search_term)) if search_term else queryset), False

    @admin.display(description=gettext_lazy("why it is here"))
    def why(self, appeal: Appeal) -> SafeString:
        return format_html_join(
            "", '<span class="why why--{}">{}</span> ', ((one.mark, one.words) for one in appeal.why)
        )

    @admin.display(description=gettext_lazy("received"))
    def received(self, appeal: Appeal) -> str:
        return queue_words.short(term.local_day(appeal.received_at))

    @admin.display(description=gettext_lazy("region"))
    def region_name(self, appeal: Appeal) -> str:
        return appeal.region_name

    @admin.display(description=gettext_lazy("status"))
    def state(self, appeal: Appeal) -> str:
        return appeal.state

    @admin.display(description=gettext_lazy("term"))
    def term(self, appeal: Appeal) -> str:
        return appeal.term_words

    @admin.display(description=gettext_lazy("who has it"))
    def who_has_it(self, appeal: Appeal) -> str:
        names = [name_of(appeal.officer)] if appeal.officer else []
        return ", ".join([*names, *([appeal.department.name] if appeal.department else [])]) or _("nobody")

    def _release(self, request: HttpRequest, appeal: Appeal) -> None:
        try:
            casework.release(appeal, request.user)
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
        else:
            self.message_user(
                request, _("Appeal %(number)s is released.") % {"number": appeal.number}, messages.SUCCESS
            )

    def _register(self, request: HttpRequest, appeal: Appeal) -> None:
        try:
            casework.register(appeal, request.user)
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
        else:
            self.message_user(
                request, _("Appeal %(number)s is registered.") % {"number": appeal.number}, messages.SUCCESS
            )
