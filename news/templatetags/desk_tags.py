"""What the first page of the desk asks for."""

from django import template
from django.template.context import RequestContext

from news.desk import dashboard

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_dashboard(context: RequestContext) -> dashboard.Dashboard | None:
    """The work of the press desk, for those who do it."""
    request = context.get("request")
    return dashboard.dashboard(request.user) if request else None
