import pytest
from django.contrib.auth.models import Group, User


@pytest.fixture
def officer(db):
    """Staff in the role that migrations made."""
    user = User.objects.create_user("officer", password="Correct-Horse-9", is_staff=True)
    user.groups.add(Group.objects.get(name="Appeals officer"))
    return user


@pytest.fixture
def office(client, officer):
    """A browser of the office, in English."""
    client.force_login(officer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
