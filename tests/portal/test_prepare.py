"""``prepare`` and ``make_staff``: a start makes what is missing, once."""

import io
import re

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.core.management.base import CommandError

from portal import roles
from portal.management.commands import prepare

pytestmark = pytest.mark.django_db


def run(command: str, **options: object) -> str:
    out = io.StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def test_the_first_login_opens_every_room_but_is_no_superuser():
    output = run("make_staff", site="http://127.0.0.1:8123")
    password = re.search(r"Password: (\S+)", output)[1]
    staff = User.objects.get()
    assert staff.username == "staff"
    assert staff.check_password(password)
    assert staff.is_staff
    assert not staff.is_superuser
    assert not staff.user_permissions.exists()
    assert {group.name for group in staff.groups.all()} == set(roles.ALL)
    assert "http://127.0.0.1:8123/admin/" in output


def test_the_password_is_long_and_another_each_time():
    passwords = set()
    for _ in range(3):
        User.objects.all().delete()
        passwords.add(re.search(r"Password: (\S+)", run("make_staff"))[1])
    assert len(passwords) == 3
    assert all(len(password.replace("-", "")) >= 16 for password in passwords)


def test_a_login_that_exists_is_left_alone():
    run("make_staff")
    before = User.objects.values_list("password", "last_login").get()
    output = run("make_staff")
    assert "changepassword staff" in output
    assert "Password:" not in output
    assert User.objects.values_list("password", "last_login").get() == before


def test_a_missing_role_is_named_and_no_login_is_made():
    Group.objects.get(name=roles.AUDITOR).delete()
    with pytest.raises(CommandError, match="Auditor"):
        run("make_staff")
    assert not User.objects.exists()


@pytest.fixture
def no_demo(monkeypatch):
    """Note that the demonstration content would be loaded, instead of drawing its pictures."""
    calls = []
    real = prepare.call_command

    def call(name, *args, **options):
        return calls.append(name) if name in {"load_demo", "collectstatic"} else real(name, *args, **options)

    monkeypatch.setattr(prepare, "call_command", call)
    return calls


def test_a_second_preparation_does_nothing_again(no_demo, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert "Password:" in run("prepare")
    assert no_demo == ["collectstatic", "load_demo"]
    assert "Password:" not in run("prepare")
    assert no_demo == ["collectstatic", "load_demo"]


def test_a_changed_static_file_is_seen(monkeypatch, tmp_path):
    storage = FileSystemStorage(tmp_path)
    monkeypatch.setattr(prepare, "get_finders", lambda: [Finder(storage)])
    (tmp_path / "site.css").write_text("p {}")
    first = prepare.static_digest()
    assert prepare.static_digest() == first
    (tmp_path / "site.css").write_text("p { margin: 0 }")
    second = prepare.static_digest()
    (tmp_path / "new.css").write_text("")
    assert len({first, second, prepare.static_digest()}) == 3


class Finder:
    """The files of one folder, as Django's finders give them."""

    def __init__(self, storage: FileSystemStorage) -> None:
        self.storage = storage

    def list(self, _ignored: list[str]) -> list[tuple[str, FileSystemStorage]]:
        return [(name, self.storage) for name in sorted(self.storage.listdir("")[1])]


def test_production_gets_no_demonstration_content(no_demo, settings, tmp_path):
    settings.DATA_DIR, settings.PRODUCTION = tmp_path, True
    run("prepare")
    assert "load_demo" not in no_demo


def test_a_data_folder_that_cannot_be_made_is_named(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file" / "data"
    with pytest.raises(CommandError, match="PORTAL_DATA_DIR"):
        run("prepare")
