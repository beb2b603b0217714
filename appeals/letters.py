"""Letters to applicants who gave an e-mail address: that something happened, and where to see it.

A letter names the number alone: no word of the appeal, never the tracking code.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import outbox

from .content import Content
from .models import Appeal, JournalEntry

Action = JournalEntry.Action


def tell(appeal: Appeal, content: Content, action: str) -> None:
    """Put a letter about a step in the outbox, in the appeal's language, in the transaction of the step."""
    if not content.email:
        return
    with override(appeal.language):
        address = settings.SITE_URL + reverse("appeals:track")
        sentence = {
            Action.RECEIVED: _("Your appeal was received. Its number: %(number)s."),
            Action.REGISTERED: _("Your appeal %(number)s is registered: its term runs from today."),
            Action.ASKED: _("The office asks you something about your appeal %(number)s and waits for your answer."),
            Action.ANSWERED: _("Your appeal %(number)s is answered."),
            Action.NOT_EXAMINED: _("There is a decision on your appeal %(number)s."),
        }[Action(action)] % {"number": appeal.number}
        where = _("See it with the number and the tracking code from your receipt: %(address)s") % {"address": address}
        why = _("You get this letter because this address was given in an appeal. Nobody will ask you for the code.")
        subject = _("Appeal %(number)s") % {"number": appeal.number}
        try:
            outbox.post(
                content.email, subject, f"{sentence}\n\n{where}\n\n{why}\n", language=appeal.language, kind="appeal",
                key=key_prefix(appeal) + secrets.token_hex(8),
            )  # fmt: skip
        except ValidationError:
            return  # An address from before today's rules, to which nothing can be sent.


def key_prefix(appeal: Appeal) -> str:
    """How the keys of all letters about an appeal begin: by it they are taken back."""
    return f"appeal:{appeal.number}:"
