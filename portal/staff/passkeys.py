"""Passkeys (WebAuthn) as a second factor, by the library ``fido2``; it is imported where it is needed (0.2 s)."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.translation import gettext

from .models import Factor

STATE = "passkey"


def to_register(request: HttpRequest) -> dict[str, Any]:
    """What the browser needs to make a passkey for the signed-in person."""
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    name = request.user.get_username()
    person = PublicKeyCredentialUserEntity(id=f"portal-{request.user.pk}".encode(), name=name, display_name=name)
    options, request.session[STATE] = _server(request).register_begin(
        person,
        credentials=_known(request.user),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options)


def register(request: HttpRequest, answer: str, name: str) -> bool:
    """Keep the passkey that the browser made; False if the answer is not one to our question."""
    state = request.session.pop(STATE, None)
    try:
        made = _server(request).register_complete(state, json.loads(answer))
    except Exception:  # What a stranger sends can fail anywhere in the reading of it.
        return False
    data = made.credential_data
    key = hashlib.sha256(data.credential_id).hexdigest()
    secret = base64.b64encode(bytes(data)).decode()
    _row, is_new = request.user.factors.get_or_create(
        kind=Factor.Kind.PASSKEY, key=key, defaults={"name": name, "secret": secret, "counter": made.counter}
    )
    return is_new


def to_prove(request: HttpRequest, user: User) -> dict[str, Any] | None:
    """What the browser needs to ask for a passkey of ``user``; None if there is none."""
    if not user.factors.filter(kind=Factor.Kind.PASSKEY).exists():
        return None
    from fido2.webauthn import UserVerificationRequirement

    options, request.session[STATE] = _server(request).authenticate_begin(
        _known(user), user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options)


def prove(request: HttpRequest, user: User, answer: str) -> bool:
    """The browser's answer is signed by a passkey of ``user``, and answers the question asked last, once."""
    from fido2.webauthn import AuthenticationResponse

    state = request.session.pop(STATE, None)
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer))
        found = _server(request).authenticate_complete(state, _known(user), response)
    except Exception:  # As above.
        return False
    counter = response.response.authenticator_data.counter
    # A passkey that counts and stands still was copied. Most do not count: theirs is always 0.
    forward = Q(counter__lt=counter) if counter else Q(counter=0)
    rows = user.factors.filter(forward, kind=Factor.Kind.PASSKEY, key=hashlib.sha256(found.credential_id).hexdigest())
    return rows.update(counter=counter, used_at=Now()) == 1


def _known(user: User) -> list[Any]:
    from fido2.webauthn import AttestedCredentialData

    secrets = user.factors.filter(kind=Factor.Kind.PASSKEY).values_list("secret", flat=True)
    return [AttestedCredentialData(base64.b64decode(secret)) for secret in secrets]


def _server(request: HttpRequest) -> Any:
    """Passkeys belong to the host under which the admin is opened."""
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    host, _port = split_domain_port(request.get_host())
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name=gettext("Press Service")))
