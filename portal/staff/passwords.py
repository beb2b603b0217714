"""Which passwords may be chosen, and how long one is good that somebody else gave."""

from __future__ import annotations

import re
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from .models import SecurityEvent

# The site, the office, the country, its capital and head, the rooms and roles; in the spellings that are typed.
WORDS = (
    "portal", "портал", "press", "пресс", "matbuot", "матбуот", "service", "служба", "khadamot", "хадамот", "news",
    "новости", "khabar", "хабар", "appeal", "appeals", "обращение", "обращения", "murojiat", "муроҷиат", "president",
    "prezident", "президент", "rahmon", "rakhmon", "раҳмон", "рахмон", "emomali", "эмомалӣ", "эмомали", "tajikistan",
    "tojikiston", "tadzhikistan", "тоҷикистон", "точикистон", "таджикистан", "dushanbe", "душанбе", "editor",
    "редактор", "chief", "officer", "supervisor", "operator", "оператор", "auditor", "аудитор", "admin", "админ",
    "staff", "office", "канцелярия", "password", "parol", "пароль", "рамз", "welcome", "qwerty", "йцукен",
)  # fmt: skip
LETTERS = 8  # that must be left besides such words
GIVEN_FOR = timedelta(days=7)
Kind = SecurityEvent.Kind


class NoWordsOfOurs:
    """Refuse a password that is such a word or the own name, with digits and marks around it.

    In a longer phrase they may stand.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        rest = whole = password.casefold()
        own = (user.get_username(), user.first_name, user.last_name) if user else ()
        names = {part.casefold() for name in (settings.SITE_HOST, *own) for part in re.split(r"[\W_]+", name)}
        for word in sorted({name for name in names if len(name) > 3}.union(WORDS), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != whole and sum(sign.isalpha() for sign in rest) < LETTERS:
            raise ValidationError(
                _("This password is little more than a name that others know: it would be tried first."),
                code="password_of_ours",
            )

    def get_help_text(self) -> str:
        return _("Your password can’t be little more than your name or one of the office, the country or a role.")


class NotThePresentOne:
    """Refuse the password that somebody has: a first one that another gave must not stay."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user and user.pk and user.has_usable_password() and User.objects.get(pk=user.pk).check_password(password):
            raise ValidationError(_("This is the present password. Please choose another."), code="password_same")

    def get_help_text(self) -> str:
        return _("Your password can’t be the one that you have now.")


def last(user: User | OuterRef) -> QuerySet[SecurityEvent]:
    """What happened to the password of ``user``, the latest first: given by somebody, or chosen."""
    return SecurityEvent.objects.filter(user=user, kind__in=[Kind.GIVEN, Kind.PASSWORD]).order_by("-pk")


def refuse_old_gift(user: User) -> None:
    """Raises ``ValidationError`` if the password was given longer ago than it is good for, and none was chosen."""
    if settings.SECOND_FACTOR != "required":
        return
    latest = last(user).annotate(now=Now()).first()
    if latest and latest.kind == Kind.GIVEN and latest.now - latest.at > GIVEN_FOR:
        raise ValidationError(
            _("This first password is not good any more. Please ask your administrator for another."), code="old_gift"
        )
