"""Letters to applicants who gave an e-mail address: that something happened, and where to see it.

A letter names the number and days: no word of the appeal or about its matter, never the tracking code.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal import outbox

from .article21 import Verdict
from .content import Content
from .models import Appeal, Authority, JournalEntry

Action = JournalEntry.Action
# The subject and the sentence of each step. What a receipt's letter says depends on the assessment; that an
# anonymous appeal tells of a crime is said nowhere where others may read it.
RECEIVED = {
    Verdict.EXAMINED: (
        gettext_lazy("Appeal %(number)s was received"),
        gettext_lazy("Your appeal was received and will be examined. Its number: %(number)s."),
    ),
    Verdict.FOR_OFFICER: (
        gettext_lazy("Appeal %(number)s was received: an officer looks at it"),
        gettext_lazy(
            "Your appeal was received. Its number: %(number)s. An officer checks the information and decides on its "
            "examination."
        ),
    ),
    Verdict.ANONYMOUS_CRIME: (
        gettext_lazy("Appeal %(number)s was received, though incomplete"),
        gettext_lazy(
            "Your appeal was received and will be examined, although not all that Article 21 asks for is given. Its "
            "number: %(number)s."
        ),
    ),
}
# An anonymous appeal is refused when it is sent, but registered if it came otherwise: an officer decides.
RECEIVED[Verdict.ANONYMOUS] = RECEIVED[Verdict.FOR_OFFICER]
STEPS = {
    Action.REGISTERED: (
        gettext_lazy("Appeal %(number)s is registered"),
        gettext_lazy("Your appeal %(number)s is registered. The answer is due by %(due)s at the latest."),
    ),
    Action.ASSIGNED: (
        gettext_lazy("Appeal %(number)s was handed over for examination"),
        gettext_lazy("Your appeal %(number)s was handed over for examination. The page of the appeal says to whom."),
    ),
    Action.FORWARDED: (
        gettext_lazy("Appeal %(number)s was forwarded to another authority"),
        gettext_lazy(
            "Your appeal %(number)s was forwarded to the authority that is competent for it. The page of the appeal "
            "says who has it now. The term goes on: the answer is due by %(due)s."
        ),
    ),
    Action.RETURNED: (
        gettext_lazy("Appeal %(number)s is back at the office"),
        gettext_lazy(
            "Your appeal %(number)s came back from another authority. The office goes on with it: the answer is due by "
            "%(due)s."
        ),
    ),
    Action.JOINED: (
        gettext_lazy("Appeal %(number)s is examined together with another one"),
        gettext_lazy(
            "Your appeal %(number)s is examined together with another one about the same. You get an answer of your "
            "own."
        ),
    ),
    Action.SEPARATED: (
        gettext_lazy("Appeal %(number)s is examined by itself again"),
        gettext_lazy("Your appeal %(number)s is examined by itself again. The answer is due by %(due)s."),
    ),
    Action.ASKED: (
        gettext_lazy("Appeal %(number)s: the office waits for you"),
        gettext_lazy(
            "The office asks you something about your appeal %(number)s and waits for your answer until %(until)s. "
            "Meanwhile the term stands still."
        ),
    ),
    Action.EXTENDED: (
        gettext_lazy("Appeal %(number)s: the term was extended"),
        gettext_lazy(
            "The term of your appeal %(number)s was extended: the answer is due by %(due)s. The page of the appeal "
            "says why."
        ),
    ),
    Action.ANSWERED: (
        gettext_lazy("Appeal %(number)s is answered"),
        gettext_lazy("Your appeal %(number)s is answered."),
    ),
    Action.NOT_EXAMINED: (
        gettext_lazy("Appeal %(number)s: there is a decision"),
        gettext_lazy(
            "There is a decision not to examine your appeal %(number)s. The page of the appeal gives the ground."
        ),
    ),
    Action.FOLLOWED_UP: (
        gettext_lazy("Appeal %(number)s: did this answer you?"),
        gettext_lazy(
            "Two weeks ago your appeal %(number)s was answered. Did this answer you? You can say so on the page of the "
            "appeal; if something is missing, the case can be opened again."
        ),
    ),
    Action.WITHDRAWN: (
        gettext_lazy("Appeal %(number)s is withdrawn"),
        gettext_lazy("You have withdrawn your appeal %(number)s. It will not be examined further."),
    ),
    Action.REOPENED: (
        gettext_lazy("Appeal %(number)s is open again"),
        gettext_lazy("Your appeal %(number)s is open again: the new answer is due by %(due)s at the latest."),
    ),
    Action.DELAYED: (
        gettext_lazy("Appeal %(number)s: the answer is late"),
        gettext_lazy(
            "The answer to your appeal %(number)s was due by %(due)s and is late: the office has received more appeals "
            "than it can answer in time. Yours is not forgotten; it will be examined and answered."
        ),
    ),
    Action.NEW_CODE: (
        gettext_lazy("Appeal %(number)s: a new tracking code"),
        gettext_lazy(
            "A new tracking code was given for your appeal %(number)s; the old one opens it no more. If you did not "
            "ask for this, call (+992 37) 2212520."
        ),
    ),
}


def tell(appeal: Appeal, content: Content, action: str, delay: int = 0) -> None:
    """Put a letter about a step in the outbox, in the appeal's language, in the transaction of the step.

    It leaves after ``delay`` seconds: until then the step, and the letter, can be taken back.
    """
    if not content.email:
        return
    with override(appeal.language):
        address = settings.SITE_URL + reverse("appeals:track") + ("?next=mend" if action == Action.ASKED else "")
        said = RECEIVED[Verdict(appeal.verdict)] if action == Action.RECEIVED else STEPS[Action(action)]
        facts = {
            "number": appeal.number,
            "due": date_format(appeal.due_on) if appeal.due_on else "",
            "until": date_format(appeal.wait_until) if appeal.wait_until else "",
        }
        subject, sentence = (text % facts for text in said)
        where = _("See it with the number and the tracking code from your receipt: %(address)s") % {"address": address}
        why = _("You get this letter because this address was given in an appeal. Nobody will ask you for the code.")
        text = "\n\n".join((_("Dear applicant,"), sentence, where, why)) + "\n"
        _put(appeal, action, outbox.Letter(content.email, subject, text, appeal.language, kind="appeal"), delay)


def tell_authority(appeal: Appeal, authority: Authority, delay: int = 0) -> None:
    """Write to an authority, in the state language, that an appeal was forwarded to it. Its papers come another way."""
    if not authority.email:
        return
    with override("tg"):
        facts = {"number": appeal.number, "due": date_format(appeal.due_on) if appeal.due_on else ""}
        subject = _("Appeal %(number)s is forwarded to you") % facts
        text = _(
            "The Press Service of the President of the Republic of Tajikistan forwards appeal %(number)s to you. Its "
            "papers are handed over separately. The answer to the applicant is due by %(due)s. If you are not "
            "competent for it, please return it at once."
        )
        text = _("Dear colleagues,") + "\n\n" + text % facts + "\n"
        letter = outbox.Letter(authority.email, subject, text, "tg", kind="authority")
        _put(appeal, Action.FORWARDED, letter, delay)


def _put(appeal: Appeal, action: str, letter: outbox.Letter, delay: int) -> None:
    key = key_prefix(appeal, action) + secrets.token_hex(8)
    try:
        outbox.put(replace(letter, key=key), delay)
    except ValidationError:
        return  # An address from before today's rules, to which nothing can be sent.


def key_prefix(appeal: Appeal, action: str = "") -> str:
    """How the keys of all letters about an appeal, or about one kind of step, begin: by it they are taken back."""
    return f"appeal:{appeal.number}:" + (f"{action}:" if action else "")
