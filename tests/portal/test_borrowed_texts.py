"""The texts of the libraries that our pages can show stand in Tajik; what does not is on a short list, with reasons."""

from pathlib import Path

import captcha
import django
import polib
import pytest
from django.utils.translation import trans_real

DJANGO = Path(django.__file__).parent
# Not asked: simple_history, whose admin pages are not used, and the prose editor, whose toolbar and dialogs are ours.
LIBRARIES = {
    "forms and validators": DJANGO / "conf/locale",
    "admin": DJANGO / "contrib/admin/locale",
    "auth": DJANGO / "contrib/auth/locale",
    "contenttypes": DJANGO / "contrib/contenttypes/locale",
    "sessions": DJANGO / "contrib/sessions/locale",
    "captcha": Path(captcha.__file__).parent / "locale",
}
# The beginnings of what no page of ours shows.
NEVER_SHOWN = {
    "the names of languages, which we name ourselves": [
        "Central Kurdish (Sorani)", "Galician", "Hungarian", "Interlingua", "Igbo", "Ido", "Khmer", "Kannada", "Kyrgyz",
        "Malayalam", "Marathi", "Malay", "Burmese", "Tajik", "Turkmen", "Uyghur",
    ],
    "a sign, the same in every language": ["…"],
    "names of kinds of fields, for developers": ["String (unlimited)", "Positive big integer", "A JSON object"],
    "pages of Django that have ours in their place": [
        "You are seeing this message because this HTTPS", "If you are using the <meta", "Topics, references",
        "We’re sorry, but the requested page", "There’s been an error.", "Thanks for spending",
        "Something’s wrong with your database installation",
    ],
    "lists by class, which we have none of": ["Empty list and “%(class_name)s.allow_empty”"],
    "links from the admin to the site by content type, which we have none of": ["Content type %(ct_id)s", "%(ct_name)s objects"],
    "a new password by e-mail, which we do not offer": [
        "Forgotten your login credentials?", "We’ve emailed you instructions", "If you don’t receive an email",
        "In case you’ve forgotten", "Forgotten your password?",
    ],
}  # fmt: skip
EXCEPTIONS = [beginning for beginnings in NEVER_SHOWN.values() for beginning in beginnings]


def texts(library):
    """Every text of a library, from its English and Russian catalogues, by context and text."""
    return {
        (entry.msgctxt, entry.msgid): entry
        for path in LIBRARIES[library].glob("*/LC_MESSAGES/django.po")
        if path.parts[-3] in {"en", "ru"}
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }


def in_tajik(entry):
    catalogue = trans_real.translation("tg")._catalog
    key = f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
    return bool(catalogue.get((key, 1)) if entry.msgid_plural else catalogue.get(key))


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_a_library_says_stands_in_tajik(library):
    lacking = [entry.msgid for entry in texts(library).values() if not in_tajik(entry)]
    assert [text for text in lacking if not text.startswith(tuple(EXCEPTIONS))] == []


def test_no_exception_is_left_that_nothing_needs():
    lacking = [entry.msgid for library in LIBRARIES for entry in texts(library).values() if not in_tajik(entry)]
    assert [each for each in EXCEPTIONS if not any(text.startswith(each) for text in lacking)] == []


def test_a_text_without_tajik_is_seen():
    assert not in_tajik(polib.POEntry(msgid="Nobody has translated this."))
    assert in_tajik(polib.POEntry(msgid="Invalid CAPTCHA"))
