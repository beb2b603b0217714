from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from .converters import RowId, Year


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Background work and security")

    def ready(self) -> None:
        register_converter(RowId, "row")
        register_converter(Year, "year")
        if settings.SENTRY_DSN:
            try:
                from . import error_reports
            except ImportError:
                raise ImproperlyConfigured("SENTRY_DSN needs the packages of requirements-sentry.txt.") from None
            error_reports.start(settings.SENTRY_DSN)
