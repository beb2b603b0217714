import pytest
from django.contrib.auth.models import Group, User

from appeals import gate


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    """The citizens of these tests write, sign and send within one second; real ones take their time."""
    monkeypatch.setattr(gate, "HASTE", 0)


@pytest.fixture
def officer(db):
    """Staff in the role that migrations made."""
    user = User.objects.create_user("officer", password="Correct-Horse-9", is_staff=True)
    user.groups.add(Group.objects.get(name="Appeals officer"))
    return user
