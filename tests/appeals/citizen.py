"""A citizen who writes to the President through the real pages, for the tests."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pypdfium2
from captcha.models import CaptchaStore
from django.http import HttpResponse
from django.test import Client
from PIL import Image, ImageDraw

TEXT = "Хоҳиш менамоям, ки роҳи деҳаи мо таъмир карда шавад. Ғ Ӣ Қ Ӯ Ҳ Ҷ."


def values(**changes: Any) -> dict[str, Any]:
    """What an ordinary citizen types, with ``changes``; a value of None leaves the field out of the request."""
    typed = {
        "applicant": "individual",
        "surname": "Раҳимов",
        "given_name": "Ҷамшед",
        "patronymic": "Қосимович",
        "region": "TJ-SU",
        "district": "TJ-SU:khujand",
        "address": "кӯчаи Рӯдакӣ, 5",
        "email": "",
        "phone": "",
        "kind": "application",
        "text": TEXT,
        "crime": "no",
        "next": "1",
    } | changes
    return {name: value for name, value in typed.items() if value is not None}


def entity(**changes: Any) -> dict[str, Any]:
    """What a legal entity types."""
    return values(applicant="entity", surname="", given_name="", patronymic="", entity_name="ҶДММ «Сомон»") | changes


def crime(**changes: Any) -> dict[str, Any]:
    """An appeal that tells of a crime, from somebody who gives no name and no address."""
    told = {
        "surname": "",
        "given_name": "",
        "patronymic": "",
        "region": "",
        "district": "",
        "address": "",
        "crime": "yes",
        "crime_what": "Дуздии маводи сохтмонӣ аз анбор",
        "crime_when": "шаби 12 ноябр",
        "crime_where": "шаҳри Хуҷанд, кӯчаи Сомонӣ",
    }
    return values(**(told | changes))


def picture(ink: bool = True, size: tuple[int, int] = (400, 150), kind: str = "PNG") -> io.BytesIO:
    """A signature on white paper, or the white paper alone."""
    image = Image.new("RGB", size, "white")
    if ink:
        ImageDraw.Draw(image).line([(20, 100), (100, 20), (180, 120), (300, 40)], fill="navy", width=5)
    return upload(image, kind)


def upload(image: Image.Image, kind: str = "PNG", name: str = "") -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, kind)
    file.seek(0)
    file.name = name or f"signature.{kind.lower()}"
    return file


class Citizen:
    """One browser: keeps its cookies, reads the CAPTCHA's answer from its store as eyes would from the picture."""

    def __init__(self, language: str = "en", client: Client | None = None) -> None:
        self.language = language
        self.client = client or Client()

    def url(self, page: str) -> str:
        return f"/{self.language}/appeals/{page}"

    def write(self, typed: dict[str, Any] | None = None) -> HttpResponse:
        return self.client.post(self.url("write/"), values() if typed is None else typed)

    def captcha(self, wrong: bool = False) -> dict[str, str]:
        """A fresh picture from the check page, and the answer."""
        page = self.client.get(self.url("check/")).content.decode()
        key = re.search(r'name="captcha_0" value="(\w+)"', page)[1]
        answer = CaptchaStore.objects.get(hashkey=key).response
        return {"captcha_0": key, "captcha_1": answer[::-1] + "0" if wrong else answer}

    def unseen_captcha(self) -> dict[str, str]:
        """The answer to a challenge of which no page was fetched: drawing its picture is half the cost of an appeal."""
        key = CaptchaStore.generate_key()
        return {"captcha_0": key, "captcha_1": CaptchaStore.objects.get(hashkey=key).response}

    def send(self, signature: Any = None, captcha: dict[str, str] | None = None, **more: Any) -> HttpResponse:
        data = (captcha or self.captcha()) | {"send": "1"} | more
        return self.client.post(self.url("check/"), data | ({"signature": signature} if signature else {}))

    def receipt(self) -> tuple[str, str]:
        """The number and the tracking code as the receipt shows them."""
        page = self.client.get(self.url("receipt/")).content.decode()
        return re.search(r'id="number">([^<]+)', page)[1], re.search(r'id="code">([^<]+)', page)[1]

    def appeal(self, typed: dict[str, Any] | None = None, sign: bool = True, look: bool = False) -> tuple[str, str]:
        """Write, ``look`` at the check page, send, read the receipt; returns number and code."""
        assert self.write(typed).status_code == 302
        response = self.send(picture() if sign else None, self.captcha() if look else self.unseen_captcha())
        assert response.status_code == 302, errors(response)
        assert response["Location"] == self.url("receipt/")
        return self.receipt()


def pdf_text(pdf: bytes) -> str:
    """What a reader of PDF files finds in the document, in one line."""
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def errors(response: HttpResponse) -> dict[str, str]:
    """The messages on a page, by the name of the field beside which they stand."""
    page = response.content.decode()
    found = re.findall(r'class="field-error" id="id_([\w-]+?)_error">(.*?)</div>', page, re.DOTALL)
    return {name: html.unescape(" ".join(re.sub("<[^>]+>", " ", text).split())) for name, text in found}


def field(response: HttpResponse, name: str) -> str:
    """What stands in a field of the page: the value that was typed or chosen."""
    page = response.content.decode()
    area = re.search(rf'<textarea name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    chosen = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    if area:
        return html.unescape(area[1])
    if chosen:
        option = re.search(r'value="([^"]*)" selected', chosen[0])
        return option[1] if option else ""
    checked = re.search(rf'<input type="(?:radio|checkbox)" name="{name}" value="([^"]*)"[^>]*checked', page)
    typed = re.search(rf'<input type="(?:text|email)" name="{name}" value="([^"]*)"', page)
    return html.unescape((checked or typed or ["", ""])[1])
