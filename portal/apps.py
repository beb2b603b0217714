from django.apps import AppConfig
from django.urls import register_converter

from .converters import RowId, Year


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        register_converter(RowId, "row")
        register_converter(Year, "year")
