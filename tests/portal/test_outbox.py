"""The mail outbox against mail servers of every temper: nothing lost, nothing stopped by one letter, nothing kept."""

import ssl
import stat
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal import outbox, worker
from portal.addresses import AddressField, clean_address, masked
from portal.models import Message, Task
from portal.outbox import Letter, post, post_many
from tests.smtp_peer import peer

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(settings):
    settings.TASKS_EAGER = False


@pytest.fixture
def smtp(settings, queue):
    """``smtp(server)`` sends through that server, quickly."""

    def use(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.7
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False

    return use


def letter(to: str = "aziza@example.tj", **values) -> Letter:
    return Letter(**({"to": to, "subject": "Хабар", "text": "Матни мактуб", "language": "tg"} | values))


def send_all(*receivers: str) -> None:
    post_many(letter(to) for to in receivers)
    worker.work_off()


def due_again() -> None:
    Task.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def is_erased(message: Message) -> bool:
    return not (message.to or message.subject or message.text or message.html or message.headers)


# Sending --------------------------------------------------------------------------------------------------------------


def test_a_letter_arrives_whole(smtp):
    with peer() as server:
        smtp(server.port)
        post(
            "aziza@example.tj", "Хабари нав — ҷашн", "Ғӯр\n.\nдуюм", "<p>Ғӯр</p>", {"List-Id": "<news>"}, language="tg"
        )
        assert server.letters == [], "the caller does not wait for the mail server"
        worker.work_off()
    [(receiver, got)] = server.letters
    assert receiver == "aziza@example.tj"
    assert got["To"] == "aziza@example.tj"
    assert got["Subject"] == "Хабари нав — ҷашн"
    assert got["From"].addresses[0].addr_spec == "noreply@127.0.0.1"
    assert got["List-Id"] == "<news>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Content-Language"] == "tg"
    text, html = got.iter_parts()
    assert text.get_content().replace("\r\n", "\n").strip() == "Ғӯр\n.\nдуюм"
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", "<p>Ғӯр</p>")


def test_what_was_sent_is_erased(smtp):
    with peer() as server:
        smtp(server.port)
        send_all("aziza@example.tj")
    message = Message.objects.get()
    assert is_erased(message)
    assert message.sent_at and message.attempts == 1
    assert not Task.objects.exists()


def test_many_letters_go_over_one_connection(smtp):
    receivers = [f"reader{number}@example.tj" for number in range(outbox.BATCH)]
    with peer() as server:
        smtp(server.port)
        send_all(*receivers)
    assert server.receivers == receivers
    assert server.connections == 1


def test_a_letter_that_the_server_never_takes_is_erased_and_not_tried_again(smtp):
    with peer(lambda command, address: "550 no such person" if address.startswith("nobody") else "") as server:
        smtp(server.port)
        send_all("nobody@example.tj", "aziza@example.tj")
    assert server.receivers == ["aziza@example.tj"]
    refused = Message.objects.get(failed_at__isnull=False)
    assert is_erased(refused)
    assert refused.error == "refused: 550"
    assert not Task.objects.exists()


def test_a_letter_refused_for_its_content_does_not_come_back(smtp):
    with peer(lambda command, _address: "554 spam" if command == "DATA" else "") as server:
        smtp(server.port)
        send_all("aziza@example.tj")
    assert Message.objects.get().error == "refused: 554"
    assert not Task.objects.exists()


def test_greylisting_only_delays_and_only_the_one_letter(smtp):
    asked = []

    def grey(command: str, address: str) -> str:
        asked.append(address)
        return "451 come back later" if address.startswith("grey") and asked.count(address) == 1 else ""

    with peer(grey) as server:
        smtp(server.port)
        send_all("grey@example.tj", "aziza@example.tj")
        assert server.receivers == ["aziza@example.tj"]
        waiting = Message.objects.get(sent_at=None)
        assert (waiting.to, waiting.error) == ("grey@example.tj", "SMTPRecipientsRefused")
        due_again()
        worker.work_off()
    assert server.receivers == ["aziza@example.tj", "grey@example.tj"]
    assert not Task.objects.exists()


@pytest.mark.parametrize("temper", ["hang", "hang up"])
def test_a_letter_on_which_the_server_goes_away_keeps_back_no_other(smtp, temper):
    with peer(lambda command, address: temper if command == "DATA" and address.startswith("bad") else "") as server:
        smtp(server.port)
        send_all("bad@example.tj", "aziza@example.tj", "karim@example.tj")
        due_again()
        worker.work_off()
    assert sorted(server.receivers) == ["aziza@example.tj", "karim@example.tj"]
    assert Message.objects.get(sent_at=None).to == "bad@example.tj"


def test_a_server_that_is_down_loses_nothing(smtp):
    with peer() as server:
        port = server.port
    smtp(port)
    send_all("aziza@example.tj")
    message = Message.objects.get()
    assert (message.to, message.sent_at) == ("aziza@example.tj", None)
    assert Task.objects.get().error == "ConnectionRefusedError"
    with peer() as server:
        smtp(server.port)
        due_again()
        worker.work_off()
    assert server.receivers == ["aziza@example.tj"]


@pytest.mark.parametrize("address", ["a)b@example.tj.", "a@" + "x" * 64 + "ҷ.tj", "a\ud7ff@\u0661..tj"])
def test_a_letter_that_cannot_be_made_keeps_back_no_other(smtp, address):
    post_many([letter("aziza@example.tj"), letter("karim@example.tj")])
    # As an older, laxer check would have stored it.
    Message.objects.filter(to="aziza@example.tj").update(to=address)
    with peer() as server:
        smtp(server.port)
        worker.work_off()
    assert server.receivers == ["karim@example.tj"]
    assert Message.objects.get(sent_at=None).error in {
        "ValueError",
        "UnicodeError",
        "InvalidAddress",
        "HeaderParseError",
    }


def test_a_letter_sent_twice_by_accident_carries_one_number(queue):
    post("aziza@example.tj", "x", "y", language="tg")
    message = Message.objects.get()
    assert outbox.email(message).extra_headers["Message-ID"] == outbox.email(message).extra_headers["Message-ID"]
    worker.work_off()
    outbox.send(message_ids=[message.pk])
    assert len(mail.outbox) == 1, "what was sent is not sent again"


# Posting --------------------------------------------------------------------------------------------------------------


def test_a_letter_leaves_with_the_callers_transaction_or_not_at_all(queue):
    with transaction.atomic():
        post("aziza@example.tj", "x", "y", language="tg")
        transaction.set_rollback(True)
    worker.work_off()
    assert not Message.objects.exists()
    assert mail.outbox == []


def test_one_key_is_one_letter(queue):
    post("aziza@example.tj", "x", "y", language="tg", key="a")
    post("aziza@example.tj", "x", "y", language="tg", key="a")
    post_many([letter(key="a"), letter(key="b")])
    post_many([letter(key="b"), letter(key="c"), letter()])
    worker.work_off()
    assert len(mail.outbox) == 4


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Note": "a\r\nBcc: all@example.tj"},
        {"X-Note\r\nBcc": "all@example.tj"},
        {"Bcc": "all@example.tj"},
        {"to": "all@example.tj"},
        {"X-Note": "a\x00b"},
        {"X-Note": "ҷ"},
    ],
)
def test_a_header_adds_no_line_and_no_receiver(headers):
    with pytest.raises(ValueError, match="header"):
        post("aziza@example.tj", "x", "y", headers=headers, language="tg")
    assert not Message.objects.exists()


def test_a_subject_is_one_line(smtp):
    with peer() as server:
        smtp(server.port)
        post("aziza@example.tj", "Хабар\r\nBcc: all@example.tj\x00\ud800", "y", language="tg")
        worker.work_off()
    [(_receiver, got)] = server.letters
    assert got["Subject"] == "Хабар Bcc: all@example.tj"
    assert got["Bcc"] is None


def test_take_back_erases_what_waits_and_nothing_else(queue):
    post_many([letter(key="report:1:7"), letter(key="report:12:7")])
    outbox.take_back("report:1:")
    worker.work_off()
    assert len(mail.outbox) == 1
    assert is_erased(Message.objects.get(error="taken back"))


# Keeping house --------------------------------------------------------------------------------------------------------


def test_old_letters_and_tasks_are_erased_in_time(queue):
    ages = {"new": 1, "keyless": 5, "waiting": 31, "old": 91}
    for name, days in ages.items():
        sent = timezone.now() if name in {"keyless", "old"} else None
        made = timezone.now() - timedelta(days=days)
        Message.objects.create(kind=name, key=name, to="a@example.tj", language="tg", made_at=made, sent_at=sent)
    Task.objects.create(name="old", dead_at=timezone.now() - timedelta(days=91))
    outbox.clear_outbox()
    left = {message.kind: message for message in Message.objects.all()}
    assert set(left) == {"new", "keyless", "waiting"}
    assert (left["new"].to, left["new"].key) == ("a@example.tj", "new")
    assert left["keyless"].key is None
    assert left["waiting"].failed_at and left["waiting"].to == ""
    assert not Task.objects.exists()


def test_without_a_mail_server_a_letter_is_a_file(settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "portal.mail_files.EmailBackend", tmp_path / "mail"
    post("aziza@example.tj", "Хабар", "Матн", language="tg")
    [path] = Path(tmp_path / "mail").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"] == "Хабар"


def test_the_admin_shows_no_address_and_no_text(admin_client, queue):
    post("aziza@example.tj", "Subject-word", "Body-word", language="tg", kind="receipt")
    message = Message.objects.get()
    for url in ("/admin/portal/message/", f"/admin/portal/message/{message.pk}/change/"):
        page = admin_client.get(url).content.decode()
        assert "receipt" in page
        assert not any(word in page for word in ("aziza", "Subject-word", "Body-word"))


# Addresses ------------------------------------------------------------------------------------------------------------

GOOD = {
    "Aziza@Example.TJ": "aziza@example.tj",
    "  a.b+c@mail.example.tj ": "a.b+c@mail.example.tj",
    "aziza@почта.рф": "aziza@xn--80a1acny.xn--p1ai",
    "o'neil_1@a-b.example": "o'neil_1@a-b.example",
    "a" * 64 + "@example.tj": "a" * 64 + "@example.tj",
}
BAD = [
    "", "a", "@", "a@", "@example.tj", "a)b@example.tj", "a@host", "a@example.tj.", "a@.example.tj", "a@exa..mple.tj",
    "a b@example.tj", "a@exa mple.tj", ".a@example.tj", "a.@example.tj", "a..b@example.tj", "ҷ@example.tj",
    '"a b"@example.tj', "a@[127.0.0.1]", "a@127.0.0.1", "a@-a.tj", "a@a-.tj", f"a@{'x' * 64}.tj", "a" * 65 + "@example.tj",
    "a@example.tj\nBcc: b@example.tj", "a@b@example.tj", "a@example.tj,b@example.tj", "<a@example.tj>", "a@\ud800.tj",
    "a\x00@example.tj", "a@" + "x." * 130 + "tj", "a" * 5000, "a@xn--\u0661.tj", "aziza@exa_mple.tj",
]  # fmt: skip


@pytest.mark.parametrize("typed", GOOD)
def test_a_good_address_is_stored_in_one_form(typed):
    assert clean_address(typed) == GOOD[typed]
    assert AddressField().clean(typed[:254]) == GOOD[typed]


@pytest.mark.parametrize("typed", BAD)
def test_an_address_that_cannot_be_sent_to_is_refused(typed):
    with pytest.raises(ValidationError):
        clean_address(typed)
    with pytest.raises(ValidationError):
        AddressField().clean(typed)


@given(st.one_of(st.emails(), st.text(max_size=90), st.from_regex(r"\A\S{1,70}@\S{1,70}\.\S{1,9}\Z")))
def test_whatever_passes_stays_as_it_is_and_can_be_sent_to(typed):
    try:
        address = clean_address(typed)
    except ValidationError:
        return
    assert clean_address(address) == address
    message = mail.EmailMessage("x", "y", "noreply@example.tj", [address]).message()
    assert address.encode("ascii") in message.as_bytes()


def test_a_masked_address_tells_only_who_knows_it():
    assert masked("aziza@example.tj") == "a•••@example.tj"
    assert masked("") == ""


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_a_mail_server_must_show_a_good_certificate(settings, way):
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = way == "starttls", way == "tls"
    context = get_connection("django.core.mail.backends.smtp.EmailBackend").ssl_context
    assert context.check_hostname and context.verify_mode == ssl.CERT_REQUIRED
