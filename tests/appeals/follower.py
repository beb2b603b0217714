"""Somebody with a receipt who follows an appeal, in a browser of their own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from tests.pageclient import PageClient


class Follower:
    def __init__(self, number: str, code: str, language: str = "en") -> None:
        self.number, self.code, self.language, self.client = number, code, language, PageClient()

    def url(self, page: str = "") -> str:
        return f"/{self.language}/appeals/case/{page}"

    def open(self, query: str = "", **changed: Any) -> HttpResponse:
        typed = {"number": self.number, "code": self.code} | changed
        return self.client.post(f"/{self.language}/appeals/track/{query}", typed)

    def page(self) -> str:
        return self.client.get(self.url()).content.decode()

    def do(self, step: str, **typed: Any) -> HttpResponse:
        return self.client.post(self.url(f"{step}/"), typed)
