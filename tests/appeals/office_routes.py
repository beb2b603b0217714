"""All addresses of the office, found by the resolver; one of each kind of thing that they name; who walks in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import get_resolver

from appeals import casework
from appeals.choices import FileRole
from appeals.content import Content
from appeals.models import (
    AnswerTemplate,
    Appeal,
    Authority,
    Department,
    ErasureProposal,
    Forwarding,
    Holiday,
    SavedFilter,
    Topic,
)
from portal import roles
from tests.appeals.citizen import picture

ROOT = "admin/appeals/"
# Words that stand nowhere else: who finds one on a page reads what a citizen sent.
MARKERS = {
    "name": "Нишондодаев", "address": "кӯчаи Ҷӯйборон", "e-mail": "nishon@example.tj", "telephone": "900112233",
    "text": "Ғуруби офтобро накӯшед", "file": "расми-ҷӯйбор",
}  # fmt: skip
IDENTITY = ("name", "address", "e-mail", "telephone")
WHO = ("nobody", "staff", *roles.ALL, "superuser")


def routes() -> list[str]:
    """Each address under ``/admin/appeals/``, as ``appeal/<appeal_id>/hold/``."""
    found = (re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", pattern) for pattern in _walk(get_resolver().url_patterns))
    return sorted({pattern.removeprefix(ROOT) for pattern in found if pattern.startswith(ROOT)})


def _walk(patterns: Any, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, here)
        else:
            yield here


@dataclass
class Office:
    """One thing of each kind. An address for the table below asks for its row by name: add new names here."""

    appeal: Appeal
    rows: dict[str, int]

    @classmethod
    def furnished(cls) -> Office:
        supervisor = someone(roles.APPEALS_SUPERVISOR, "furnisher")
        names = {"name_tg": "Раёсат", "name_ru": "Отдел", "name_en": "Department"}
        appeal = received()
        proposal = ErasureProposal.objects.create(
            until="2026-01-01", proposed_by=supervisor, proposed_at=appeal.received_at
        )
        forwarding = Forwarding.objects.create(
            appeal=appeal, authority=Authority.objects.create(**names), at=appeal.received_at
        )
        rows = {
            "appeal": appeal.pk,
            "other": received().pk,
            "forwarding": forwarding.pk,
            "holiday": Holiday.objects.create(date="2031-05-02", name="Ид").pk,
            "savedfilter": SavedFilter.objects.create(owner=supervisor, name="Роҳҳо", query="kind=complaint").pk,
            "file": appeal.files.get(role=FileRole.ATTACHMENT).pk,
            "proposal": proposal.pk,
            "erasureproposal": proposal.pk,
            "department": Department.objects.create(**names).pk,
            "authority": Authority.objects.create(**names).pk,
            "topic": Topic.objects.create(**names).pk,
            "answertemplate": AnswerTemplate.objects.create(title="Салом", language="tg", text="Салом").pk,
        }
        return cls(appeal, rows)

    def address(self, route: str, missing: bool = False) -> str:
        """``missing``: with numbers of rows that there are not."""
        model = route.partition("/")[0]

        def number(match: re.Match[str]) -> str:
            kind = model if match[1] == "object_id" else match[1].removesuffix("_id")
            return str(self.rows[kind] + 900_000 * missing)

        return f"/{ROOT}" + re.sub(r"<(\w+)>", number, route)


def received() -> Appeal:
    """An appeal with a marker in all that says who wrote, and what."""
    content = Content(
        surname=MARKERS["name"], given_name="Ҷамшед", patronymic="Қосимович", region="TJ-SU", district="TJ-SU:khujand",
        address=MARKERS["address"], email=MARKERS["e-mail"], phone=MARKERS["telephone"], kind="request",
        text=MARKERS["text"],
    )  # fmt: skip
    files = [
        casework.SentFile(FileRole.SIGNATURE, "signature.png", "image/png", picture().read()),
        casework.SentFile(FileRole.ATTACHMENT, f"{MARKERS['file']}.txt", "text/plain", MARKERS["file"].encode()),
    ]
    return casework.receive(content, files, "tg")[0]


def someone(role: str, username: str = "") -> User:
    user = User.objects.create_user(username or role, is_staff=True, is_superuser=role == "superuser")
    user.groups.set(Group.objects.filter(name=role))
    return user


def browser(role: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    if role != "nobody":
        client.force_login(User.objects.filter(username=role).first() or someone(role))
    return client


def reveal(client: Client, appeal: Appeal, reason: str = "answer", words: str = "") -> Any:
    """Say why one needs to know who it is."""
    return client.post(f"/{ROOT}appeal/{appeal.pk}/reveal/", {"reason": reason, "words": words})


def shown(response: Any) -> set[str]:
    """Which markers stand in an answer, be it a page or a file."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return {what for what, word in MARKERS.items() if word.encode() in body}
