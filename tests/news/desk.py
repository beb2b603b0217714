"""The press desk as a browser shows it: log in, read a form with what stands in it, send it back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from tests.news.factories import PASSWORD

ADD = "/admin/news/event/add/"


class FormReader(HTMLParser):
    """The fields of the form ``form_id`` with the values that a browser would send."""

    def __init__(self, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form_id, self.inside = form_id, False
        self.fields: dict[str, Any] = {}
        self.buttons: list[str] = []
        self.select: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("id") == self.form_id
        name = found.get("name")
        if not self.inside or "disabled" in found:
            return
        if tag == "input" and name:
            self._input(name, found)
        elif tag == "textarea" and name:
            self.area, self.fields[name] = name, ""
        elif tag == "select" and name:
            self.select, self.fields[name] = name, [] if "multiple" in found else None
        elif tag == "option" and self.select:
            self._option(found)

    def _input(self, name: str, found: dict[str, str | None]) -> None:
        kind = found.get("type", "text")
        if kind == "submit":
            self.buttons.append(name)
        elif kind in {"checkbox", "radio"}:
            if "checked" in found:
                self.fields.setdefault(name, []).append(found.get("value") or "on")
        elif kind != "file":
            self.fields[name] = found.get("value") or ""

    def _option(self, found: dict[str, str | None]) -> None:
        value, chosen = found.get("value") or "", self.fields[self.select]
        if isinstance(chosen, list):
            if "selected" in found:
                chosen.append(value)
        elif "selected" in found or chosen is None:
            self.fields[self.select] = value

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.fields[self.area] = self.fields[self.area].removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def fields_of(response: HttpResponse, form_id: str = "event_form") -> FormReader:
    reader = FormReader(form_id)
    reader.feed(response.content.decode())
    return reader


class Desk:
    """Somebody of the staff at a browser, with every protection of forms switched on."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
        form = fields_of(self.client.get("/admin/login/?next=/admin/"), "login-form")
        typed = form.fields | {"username": user.username, "password": PASSWORD}
        response = self.client.post("/admin/login/?next=/admin/", typed)
        assert response.status_code == 302, "the login page refused the password"

    def open(self, url: str = ADD) -> FormReader:
        response = self.client.get(url)
        assert response.status_code == 200
        return fields_of(response)

    def send(self, url: str, typed: dict[str, Any], button: str = "_save") -> HttpResponse:
        """Fill ``typed`` into the form at ``url`` and press ``button``, whether the page shows that button or not."""
        fields = self.open(url).fields | typed | {button: "1"}
        sent = {
            name: value.replace("\n", "\r\n") if isinstance(value, str) else value for name, value in fields.items()
        }
        return self.client.post(url, sent)


def errors(response: HttpResponse) -> list[str]:
    """What the admin form says is wrong, as one list of sentences."""
    if response.status_code == 302:
        return []
    return [str(message) for message in response.context["errors"]]


def report_fields(number: int, language: str, title: str, body: str = "Text.", **more: str) -> dict[str, str]:
    """What is typed into the report form with this number."""
    typed = {"language": language, "title": title, "body": body} | more
    return {f"reports-{number}-{name}": value for name, value in typed.items()}
