import pytest
from django.contrib.auth.models import Group, Permission, User

from appeals import casework, gate
from appeals.models import Appeal, Department
from tests.appeals.citizen import Citizen
from tests.appeals.follower import Follower
from tests.appeals.shelf import person


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    """The citizens of these tests write, sign and send within one second; real ones take their time."""
    monkeypatch.setattr(gate, "HASTE", 0)


@pytest.fixture(autouse=True)
def _every_day_is_worked(settings):
    """What a test expects must not depend on the weekday on which it runs. The tests of days off have them again."""
    settings.TERM_ENDS_ON_WORKING_DAY = False


@pytest.fixture
def officer(db):
    """Staff in the role that migrations made."""
    user = User.objects.create_user("officer", password="Correct-Horse-9", is_staff=True)
    user.groups.add(Group.objects.get(name="Appeals officer"))
    return user


@pytest.fixture
def registrar(officer):
    """An officer who also replaces lost codes."""
    officer.user_permissions.add(Permission.objects.get(codename="replace_code"))
    return User.objects.get(pk=officer.pk)


@pytest.fixture
def sent(officer):
    """A registered appeal, and the citizen who has it open."""
    follower = Follower(*Citizen().appeal())
    casework.register(Appeal.objects.get(), officer)
    assert follower.open()["Location"] == follower.url()
    return follower


@pytest.fixture
def office(client, officer):
    """A browser of the office, in English."""
    client.force_login(officer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def chief(db):
    return person("chief", "Appeals supervisor")


@pytest.fixture
def roads(officer):
    made = Department.objects.create(name_tg="Роҳҳо", name_ru="Дороги", name_en="Roads")
    made.members.add(officer)
    return made
