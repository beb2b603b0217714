from django.apps import AppConfig
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from .converters import RowId, Year


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Background work and security")

    def ready(self) -> None:
        register_converter(RowId, "row")
        register_converter(Year, "year")
