"""The second factor by code: an authenticator app (RFC 6238, computed by ``cryptography``) and recovery codes."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from .models import Factor

STEP = 30  # seconds for which an app shows a code
CODES = 10
# No letters or digits that look alike: codes are copied from paper. 28 of them are 138 bits: no slow hash is needed.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # pragma: allowlist secret - the letters, no code
GROUPS = 7  # of four


def strong(user: User) -> QuerySet[Factor]:
    """The factors that count as a second one; recovery codes only stand in for them."""
    return user.factors.exclude(kind=Factor.Kind.CODE)


def new_seed() -> bytes:
    return secrets.token_bytes(20)


def readable(seed: bytes) -> str:
    """The seed as it is typed into an app that cannot see the picture: groups of four."""
    text = base64.b32encode(seed).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _totp(seed: bytes) -> Any:
    # Imported where it is used: a start is quicker without it.
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    return TOTP(seed, 6, SHA1(), STEP)  # noqa: S303  what every app computes, and fit for it  # nosec B303


def address(seed: bytes, user: User) -> str:
    """What the QR code says to an app."""
    return _totp(seed).get_provisioning_uri(user.get_username(), settings.SITE_HOST)


def step_of(seed: bytes, code: str) -> int | None:
    """The time step whose code this is: the present one, or the one before or after it; else None."""
    from cryptography.hazmat.primitives.twofactor import InvalidToken

    now = int(time.time()) // STEP
    for step in (now, now - 1, now + 1):
        try:
            _totp(seed).verify(code.encode(), step * STEP)
        except InvalidToken:
            continue
        return step
    return None


@transaction.atomic
def set_app(user: User, seed: bytes, code: str) -> bool:
    """Keep the app as a factor, in place of a former one, if ``code`` is what it shows."""
    step = step_of(seed, plain(code))
    if step is None:
        return False
    user.factors.update_or_create(
        kind=Factor.Kind.APP, key="", defaults={"secret": seal(seed), "counter": step, "used_at": None}
    )
    return True


def use_code(user: User, typed: str) -> str:
    """The kind of factor that ``typed`` proves, used up by that; "" if it proves nothing."""
    code = plain(typed)
    if code.isascii() and code.isdigit() and len(code) == 6:
        return _use_app(user, code)
    wanted = user.factors.filter(kind=Factor.Kind.CODE, key__in=[_digest(user, code, key) for key in _keys()])
    # One statement: of two requests with the same code one deletes the row.
    return Factor.Kind.CODE if wanted.delete()[0] else ""


def _use_app(user: User, code: str) -> str:
    app = user.factors.filter(kind=Factor.Kind.APP).first()
    seed = unseal(app.secret) if app else None
    step = step_of(seed, code) if seed else None
    if app is None or step is None:
        return ""
    # One statement again: a code, and all before it, pass once.
    used = user.factors.filter(pk=app.pk, counter__lt=step).update(counter=step, used_at=Now())
    return Factor.Kind.APP if used else ""


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Fresh recovery codes; those before them are worth nothing any more. Only their keyed hashes are kept."""
    user.factors.filter(kind=Factor.Kind.CODE).delete()
    codes = ["-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(GROUPS)) for _ in range(CODES)]
    Factor.objects.bulk_create(
        Factor(user=user, kind=Factor.Kind.CODE, key=_digest(user, plain(code), settings.SECRET_KEY)) for code in codes
    )
    return codes


@transaction.atomic
def remove(factor: Factor) -> None:
    """Take a factor away; recovery codes go with the last one that they stood in for."""
    factor.delete()
    if not strong(factor.user).exists():
        factor.user.factors.all().delete()


def plain(typed: str) -> str:
    return "".join(typed.split()).replace("-", "").lower()


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _digest(user: User, code: str, key: str) -> str:
    return salted_hmac("portal.staff.code", f"{user.pk}\0{code}", secret=key, algorithm="sha256").hexdigest()


def _boxes() -> list[SecretBox]:
    return [SecretBox(hashlib.sha256(b"portal.staff.factor\0" + key.encode()).digest()) for key in _keys()]


def seal(data: bytes) -> str:
    """``data`` encrypted with a key made from SECRET_KEY: a copy of the database alone gives no code."""
    return base64.b64encode(_boxes()[0].encrypt(data)).decode()


def unseal(text: str) -> bytes | None:
    """What was sealed, also with one of SECRET_KEY_FALLBACKS; None if no key fits."""
    for box in _boxes():
        try:
            return box.decrypt(base64.b64decode(text))
        except (CryptoError, ValueError):
            continue
    return None
