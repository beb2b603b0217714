"""How long the staff stay signed in, what ends it, and who may end whose."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import resolve

from portal.models import SecurityEvent, StaffSession
from portal.staff import events
from tests.news import factories
from tests.news.test_media_gate import address

from .staff import CHROME, FIREFOX, PASSWORD, app_code, browser, give_app, is_in, pass_time, person, sign_in, signed_in

pytestmark = pytest.mark.django_db
ACCOUNT = "/admin/account/"


def last(user):
    return user.security_events.first()


@pytest.mark.parametrize(
    ("passed", "lives", "why"),
    [({"minutes": 29}, True, ""), ({"minutes": 31}, False, "idle"), ({"hours": 12, "minutes": 1}, False, "long")],
)
def test_a_session_ends_after_half_an_hour_of_nothing_and_after_twelve_hours(passed, lives, why):
    user = person()
    client = signed_in(user)
    pass_time(**passed)
    assert is_in(client) is lives
    if not lives:
        assert "Please sign in again" in client.get("/admin/", follow=True).content.decode()
        assert (last(user).kind, last(user).detail) == ("ended", why)


def test_twelve_hours_are_the_end_of_a_session_in_use():
    client = signed_in(person())
    for _ in range(24):
        pass_time(minutes=29)
        assert client.post("/admin/account/alive/").status_code == 200
    pass_time(minutes=25)
    assert not is_in(client)


def test_the_half_hour_can_be_set(settings):
    settings.STAFF_IDLE_MINUTES = 10
    client = signed_in(person())
    pass_time(minutes=11)
    assert not is_in(client)


def test_a_page_that_is_only_open_keeps_nobody_signed_in_but_its_owner_can():
    client = signed_in(person())
    pass_time(minutes=20)
    assert 500 < client.get("/admin/account/alive/").json()["left"] <= 600
    assert client.post("/admin/account/alive/").json()["left"] == 1800
    pass_time(minutes=29)
    assert client.get("/admin/account/alive/").json()["left"] <= 60
    pass_time(minutes=2)
    assert client.get("/admin/account/alive/").status_code == 302


def test_the_beats_of_an_open_event_keep_nobody_signed_in():
    assert resolve("/admin/news/event/1/presence/").func.in_background


def change_password(user):
    user.set_password("Another-Horse-9")
    user.save()


CHANGES = {
    "a role taken": lambda user: user.groups.remove(Group.objects.get(name="Press editor")),
    "a role given": lambda user: user.groups.add(Group.objects.get(name="Auditor")),
    "a permission given": lambda user: user.user_permissions.add(Permission.objects.get(codename="view_user")),
    "a role changed": lambda user: Group.objects.get(name="Press chief").permissions.add(
        Permission.objects.get(codename="view_user")
    ),
    "closed": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "no staff any more": lambda user: User.objects.filter(pk=user.pk).update(is_staff=False),
    "made superuser": lambda user: User.objects.filter(pk=user.pk).update(is_superuser=True),
    "password": change_password,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_somebody_may_do_ends_the_sessions_from_before(change):
    user = person("parvina", "Press chief", "Press editor")
    client, unchanged = signed_in(user), signed_in(person("rustam", "Auditor"))
    CHANGES[change](user)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain and "your rights or your password changed" in page.content.decode()
    assert is_in(unchanged)


def test_who_was_closed_and_opened_again_has_to_sign_in_anew():
    user = person()
    client = signed_in(user)
    root = signed_in(User.objects.create_superuser("root", password=PASSWORD))
    page = f"/admin/auth/user/{user.pk}/change/"
    groups = list(user.groups.values_list("pk", flat=True))
    typed = {
        "username": "parvina",
        "is_staff": "on",
        "groups": groups,
        "date_joined_0": "2026-01-01",
        "date_joined_1": "10:00",
    }
    assert root.post(page, typed).status_code == 302
    assert root.post(page, typed | {"is_active": "on"}).status_code == 302
    user.refresh_from_db()
    assert user.is_active
    assert not is_in(client)


def test_a_new_password_ends_the_other_sessions_and_not_this_one():
    user = person()
    here, there = signed_in(user), signed_in(user, agent=CHROME)
    typed = {"old_password": PASSWORD, "new_password1": "Another-Horse-9", "new_password2": "Another-Horse-9"}
    assert here.post("/admin/password_change/", typed)["Location"] == "/admin/password_change/done/"
    assert is_in(here) and not is_in(there)
    assert user.security_events.filter(kind="password").count() == 1


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie():
    user = person()
    client = signed_in(user)
    stolen = browser()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_in(stolen)
    client.post("/admin/logout/")
    assert not is_in(stolen) and not StaffSession.objects.exists()


def test_the_own_sessions_are_listed_without_full_addresses():
    user = person()
    signed_in(user, agent=CHROME, network="2001:db8:1:2::3")
    client = signed_in(user, agent=FIREFOX)
    page = client.get(ACCOUNT).content.decode()
    for text in ("Firefox, Windows", "203.0.113.0/24", "Chrome, Linux", "2001:db8:1::/48", "this session"):
        assert text in page
    assert "203.0.113.77" not in page and "2001:db8:1:2" not in page
    assert page.count('name="session"') == 1


def test_one_of_them_or_all_others_can_be_ended():
    user = person()
    here, first, second, third = (signed_in(user) for _ in range(4))
    number = StaffSession.objects.order_by("pk")[1].pk
    here.post("/admin/account/sessions/", {"session": number})
    assert [is_in(client) for client in (here, first, second, third)] == [True, False, True, True]
    here.post("/admin/account/sessions/")
    assert [is_in(client) for client in (here, second, third)] == [True, False, False]
    assert user.security_events.filter(kind="ended", detail="other").count() == 2


def test_who_finds_an_open_desk_ends_no_session():
    user = person()
    here, there = signed_in(user), signed_in(user)
    pass_time(minutes=6)
    assert here.post("/admin/account/sessions/")["Location"].startswith("/admin/account/confirm/")
    assert is_in(there)


@pytest.mark.parametrize("number", ["{other}", "99999", "x", "-1", "9" * 30, "٣"])
def test_nobody_ends_the_session_of_another(number):
    other = signed_in(person("rustam"))
    mine = signed_in(person())
    mine.post("/admin/account/sessions/", {"session": number.format(other=StaffSession.objects.first().pk)})
    mine.post("/admin/account/sessions/", {"session": StaffSession.objects.get(user__username="rustam").pk})
    assert is_in(other)


@pytest.mark.parametrize("how", ["ended", "idle", "no second factor", "required"])
def test_outside_the_admin_only_a_whole_session_sees_what_is_not_public(how, settings):
    user = person()
    photo = address(factories.photo(factories.event()))
    client = signed_in(user)
    assert client.get(photo).status_code == 200
    if how == "ended":
        StaffSession.objects.all().delete()
    elif how == "idle":
        pass_time(minutes=31)
    elif how == "no second factor":
        give_app(user)
    else:
        settings.SECOND_FACTOR = "required"
    assert client.get(photo).status_code == 404
    unknown = browser()
    unknown.force_login(user)
    assert unknown.get(photo).status_code == (200 if how in {"ended", "idle"} else 404)


def test_public_pages_ask_nothing_of_the_session(client, django_assert_num_queries):
    client.force_login(person())
    with django_assert_num_queries(0):
        response = client.get("/en/appeals/")
    assert not response.cookies and "Cookie" not in response.get("Vary", "")


def test_a_page_of_the_admin_asks_two_things_more(django_assert_max_num_queries):
    client = signed_in(person())
    is_in(client)
    with django_assert_max_num_queries(7) as asked:  # session, login, roles, permissions (2), groups, this session
        client.get("/admin/account/alive/")
    assert not any(query["sql"].startswith(("INSERT", "UPDATE")) for query in asked.captured_queries)


# The record ----------------------------------------------------------------------------------------------------------


def test_the_record_can_only_grow():
    user = person()
    signed_in(user)
    event = SecurityEvent.objects.first()
    for change in (event.save, event.delete, SecurityEvent.objects.all().delete, SecurityEvent.objects.all().update):
        with pytest.raises(TypeError):
            change()
    user.delete()
    assert SecurityEvent.objects.filter(login="parvina", user=None).exists()


@pytest.mark.parametrize(("role", "status"), [("Auditor", 200), ("Press chief", 403), ("Appeals supervisor", 403)])
def test_auditors_read_it_and_nobody_changes_it(role, status):
    client = signed_in(person("parvina", role))
    address = "/admin/portal/securityevent/"
    assert client.get(f"{address}?kind__exact=signed_in").status_code == status
    page = f"{address}{SecurityEvent.objects.first().pk}/change/"
    assert client.get(page).status_code == status
    assert client.post(page, {"login": "x"}).status_code == 403
    assert client.get(f"{address}add/").status_code == 403


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (CHROME, "Chrome, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 YaBrowser/26.1 Safari/537.36", "Yandex Browser, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140", "Edge, Windows"),
        ("curl/8", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_browsers_in_words(rf, agent, words):
    assert events.device(rf.get("/", headers={"user-agent": agent})) == words


# Reset ---------------------------------------------------------------------------------------------------------------


def reset(client, *users):
    data = {"action": "reset_factors", "_selected_action": [user.pk for user in users]}
    return client.post("/admin/auth/user/", data)


def test_an_administrator_resets_what_somebody_lost_and_it_is_recorded():
    user = person()
    give_app(user)
    theirs = browser()
    sign_in(theirs)
    theirs.post("/admin/login/second/", {"code": app_code()})
    root = signed_in(User.objects.create_superuser("root", password=PASSWORD))
    pass_time(minutes=6)
    assert reset(root, user)["Location"].startswith("/admin/account/confirm/")
    assert user.factors.exists()
    root.post("/admin/account/confirm/", {"password": PASSWORD})
    reset(root, user)
    assert not user.factors.exists() and not is_in(theirs)
    assert (last(user).kind, last(user).login, last(user).actor) == ("reset", "parvina", "root")


def test_a_superuser_s_factors_are_reset_by_a_superuser_alone():
    root = User.objects.create_superuser("root")
    give_app(root)
    helper = person("helper")
    helper.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    client = signed_in(helper)
    reset(client, root)
    assert root.factors.exists()


def test_an_administrator_ends_all_sessions_of_somebody_and_takes_nothing_else():
    user = person()
    give_app(user)
    theirs = browser()
    sign_in(theirs)
    theirs.post("/admin/login/second/", {"code": app_code()})
    others = signed_in(person("rustam"))
    root = signed_in(User.objects.create_superuser("root", password=PASSWORD))
    end = {"action": "end_sessions", "_selected_action": [user.pk]}
    pass_time(minutes=6)
    assert root.post("/admin/auth/user/", end)["Location"].startswith("/admin/account/confirm/")
    assert is_in(theirs)
    root.post("/admin/account/confirm/", {"password": PASSWORD})
    root.post("/admin/auth/user/", end)
    assert not is_in(theirs) and is_in(others) and is_in(root) and user.factors.exists()
    assert (last(user).kind, last(user).login, last(user).actor) == ("ended", "parvina", "root")


def test_a_superuser_s_sessions_are_ended_by_a_superuser_alone():
    root = signed_in(User.objects.create_superuser("root", password=PASSWORD))
    helper = person("helper")
    helper.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    data = {"action": "end_sessions", "_selected_action": [User.objects.get(username="root").pk]}
    signed_in(helper).post("/admin/auth/user/", data)
    assert is_in(root)


def test_every_page_of_the_admin_has_the_way_out():
    client = signed_in(person())
    for page in ("/admin/", "/admin/news/event/", ACCOUNT, "/admin/password_change/"):
        assert 'action="/admin/logout/"' in client.get(page).content.decode(), page


def test_who_may_not_change_logins_resets_nothing():
    user = person("rustam")
    give_app(user)
    assert reset(signed_in(person()), user).status_code == 403
    assert user.factors.exists()


def test_the_operator_resets_on_the_machine(capsys):
    user = person()
    give_app(user)
    call_command("reset_second_factor", "parvina")
    assert not user.factors.exists() and last(user).actor == "manage.py"
