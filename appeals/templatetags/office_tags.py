"""What the admin's first page asks of the office."""

from django import template
from django.template.context import RequestContext

from appeals.desk import dashboard

register = template.Library()


@register.simple_tag(takes_context=True)
def office_dashboard(context: RequestContext) -> dashboard.Dashboard | None:
    """The work of this officer, for those who do it."""
    request = context.get("request")
    return dashboard.dashboard(request.user) if request else None
