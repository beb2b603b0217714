"""The ways of the staff in the admin: see ``tests.browser.pages``."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.content import PASSWORD, app_code
from tests.browser.pages import Stop, Way, straight
from tests.browser.visitor import PERSON, Visitor

APPEALS, EVENTS = "/admin/appeals/appeal/", "/admin/news/event/"
LOGIN, PROOF, DETAIL = "admin/login.html", "admin/staff/proof.html", "admin/appeals/appeal/detail.html"


def sign_in(visitor: Visitor, name: str, then: str) -> None:
    visitor.go(f"/admin/login/?next={then}")
    visitor.fill(username=name, password=PASSWORD)
    visitor.press("#login-form [type=submit]")


def signing_in(visitor: Visitor) -> Iterator[str]:
    visitor.go("/admin/login/")
    yield "login"
    visitor.fill(username="nobody", password="Wrong-Horse-8")
    visitor.press("#login-form [type=submit]")
    yield "login-mistakes"
    sign_in(visitor, f"secured-{visitor.language}", "/admin/")
    yield "second-factor"
    visitor.fill(code="1")
    visitor.press("#proof-form [type=submit]")
    yield "second-factor-mistakes"


def signing_out(visitor: Visitor) -> Iterator[str]:
    sign_in(visitor, "supervisor", "/admin/account/confirm/")
    yield "confirm"
    visitor.go("/admin/account/begin/")
    yield "account-begin"
    visitor.press("#logout-form [type=submit]")
    yield "logged-out"


def securing(visitor: Visitor) -> Iterator[str]:
    """Before what is grave one shows again who one is; who has just signed in has shown it."""
    sign_in(visitor, "chief", "/admin/account/")
    yield "account"
    for name in ("app", "passkey"):
        visitor.go(f"/admin/account/{name}/")
        yield f"account-{name}"
    visitor.go("/admin/password_change/")
    yield "new-password"


def recovery_codes(visitor: Visitor) -> Iterator[str]:
    """Of somebody who has an app already: the code of the second step is the app's."""
    sign_in(visitor, f"secured-{visitor.language}", "/admin/account/")
    visitor.fill(code=app_code())
    visitor.press("#proof-form [type=submit]")
    yield "account-with-a-factor"
    visitor.press("form[action$='/codes/'] button")
    yield "account-codes"


def working_on_a_case(visitor: Visitor) -> Iterator[str]:
    visitor.sign_in("staff")
    for state in ("received", "asked", "forwarded", "prepared", "answered"):
        visitor.go(f"{APPEALS}{{appeal_{state}}}/change/")
        yield f"case-office-{state}"
    visitor.go(f"{APPEALS}{{appeal_asked}}/change/")
    visitor.unfold()
    yield "case-office-unfolded"
    visitor.press("form[action$='/reveal/'] [type=submit]")
    yield "case-office-reveal-mistakes"
    visitor.go(f"{APPEALS}{{appeal_forwarded}}/change/")
    visitor.unfold()
    visitor.press("#step-answer [type=submit]")
    yield "case-office-step-mistakes"
    visitor.go(f"{APPEALS}{{appeal_spare}}/change/")
    visitor.unfold()
    visitor.page.fill("#step-replace_code [name=text]", "Шиноснома")
    visitor.press("#step-replace_code input[type=submit]")
    yield "case-office-new-code"


def finding(visitor: Visitor) -> Iterator[str]:
    visitor.sign_in("staff")
    visitor.go(f"{APPEALS}find/")
    yield "find"
    visitor.fill(text="Касенестов")
    visitor.press("#content-main form [type=submit]")
    yield "find-nothing"
    visitor.fill(text="Раҳимов Ҷамшед")
    visitor.press("#content-main form [type=submit]")
    yield "find-found"


def entering(visitor: Visitor) -> Iterator[str]:
    visitor.sign_in("operator")
    visitor.go(f"{APPEALS}enter/")
    yield "enter"
    visitor.press("#content-main button.default[name=enter]")
    yield "enter-mistakes"
    visitor.go(f"{APPEALS}enter/")
    visitor.page.check("[name=channel] >> nth=0", force=True)
    visitor.fill(**PERSON | {"text": f"{PERSON['text']} {visitor.language} {visitor.page.viewport_size}"})
    visitor.page.check("[name=kind][value=request]", force=True)
    visitor.page.select_option("[name=region]", "TJ-SU")
    visitor.page.select_option("[name=district]", "TJ-SU:khujand")
    visitor.page.check("[name=signed] >> nth=0", force=True)
    visitor.press("#content-main button.default[name=enter]")
    yield "entered"


def many_at_once(visitor: Visitor) -> Iterator[str]:
    visitor.sign_in("staff")
    visitor.go(APPEALS)
    yield "appeals"
    visitor.go(f"{APPEALS}?queue=all")
    yield "appeals-all"
    visitor.page.locator("[name=_selected_action]").first.check()
    visitor.page.select_option("[name=action]", "register_selected")
    visitor.press("#changelist-form button[name=index]")
    yield "appeals-at-once"
    visitor.go(f"{APPEALS}?queue=all")
    visitor.page.locator("[name=_selected_action]").first.check()
    visitor.page.select_option("[name=action]", "print_list")
    visitor.press("#changelist-form button[name=index]")
    yield "appeals-printed"


WAYS = [
    Way(signing_in, {
        "login": Stop(LOGIN),
        "login-mistakes": Stop(LOGIN),
        "second-factor": Stop(PROOF),
        "second-factor-mistakes": Stop(PROOF),
    }, is_office=True),
    Way(signing_out, {
        "confirm": Stop(PROOF),
        "account-begin": Stop("admin/staff/begin.html"),
        "logged-out": Stop("registration/logged_out.html"),
    }, is_office=True),
    Way(securing, {
        "account": Stop("admin/staff/account.html"),
        "account-app": Stop("admin/staff/app.html"),
        "account-passkey": Stop("admin/staff/passkey.html"),
        "new-password": Stop("Django's admin"),
    }, is_office=True),
    Way(recovery_codes, {
        "account-with-a-factor": Stop("admin/staff/account.html"),
        "account-codes": Stop("admin/staff/codes.html"),
    }, is_office=True),
    straight("dashboard", "admin/index.html", "/admin/", who="staff"),
    straight("style", "style/page.html", "style/", who="staff"),
    straight("dashboard-press", "admin/index.html", "/admin/", who="chief"),
    straight("dashboard-appeals", "admin/index.html", "/admin/", who="officer"),
    straight("events", "admin/news/event/change_list.html", EVENTS, who="chief"),
    straight("event-new", "admin/news/event/change_form.html", f"{EVENTS}add/", who="chief"),
    straight("event", "admin/news/event/change_form.html", f"{EVENTS}{{photos}}/change/", who="chief"),
    straight("event-draft", "admin/news/event/change_form.html", f"{EVENTS}{{draft}}/change/", who="chief"),
    straight("event-preview", "admin/news/event/preview.html", f"{EVENTS}{{draft}}/preview/tg/", who="chief"),
    straight("event-links", "admin/news/event/preview_links.html", f"{EVENTS}{{draft}}/preview/tg/links/", who="chief"),
    straight("event-step", "admin/news/event/step.html", f"{EVENTS}{{draft}}/step/tg/schedule/", who="chief"),
    straight("event-urgent", "admin/news/event/urgent.html", f"{EVENTS}urgent/", who="chief"),
    straight("event-history", "admin/news/report/history.html", f"{EVENTS}{{portrait}}/history/tg/", who="chief"),
    straight("category-form", "Django's admin", "/admin/news/category/1/change/", who="chief"),
    Way(many_at_once, {
        "appeals": Stop("admin/appeals/appeal/change_list.html"),
        "appeals-all": Stop("admin/appeals/appeal/change_list.html"),
        "appeals-at-once": Stop("admin/appeals/appeal/bulk.html"),
        "appeals-printed": Stop("admin/appeals/appeal/print_list.html"),
    }, is_office=True),
    Way(working_on_a_case, {
        **{f"case-office-{state}": Stop(DETAIL) for state in ("received", "asked", "forwarded", "prepared", "answered")},
        "case-office-unfolded": Stop(DETAIL),
        "case-office-reveal-mistakes": Stop(DETAIL),
        "case-office-step-mistakes": Stop(DETAIL),
        "case-office-new-code": Stop("admin/appeals/appeal/new_code.html"),
    }, is_office=True),
    straight("similar", "admin/appeals/appeal/similar.html", f"{APPEALS}{{appeal_received}}/similar/", who="officer"),
    straight("compare", "admin/appeals/appeal/compare.html", f"{APPEALS}{{appeal_received}}/compare/{{appeal_spare}}/", who="officer"),
    Way(finding, dict.fromkeys(("find", "find-nothing", "find-found"), Stop("admin/appeals/appeal/find.html")),
        is_office=True),
    Way(entering, {
        "enter": Stop("admin/appeals/appeal/enter.html"),
        "enter-mistakes": Stop("admin/appeals/appeal/enter.html"),
        "entered": Stop("admin/appeals/appeal/entered.html"),
    }, is_office=True),
    straight("journal", "admin/appeals/journalentry/list.html", "/admin/appeals/journalentry/", who="auditor"),
    straight("statistics", "admin/appeals/appeal/statistics.html", f"{APPEALS}statistics/", who="supervisor"),
    straight("days-off", "Django's admin", "/admin/appeals/holiday/", who="supervisor"),
    straight("erasing", "Django's admin", "/admin/appeals/erasureproposal/", who="supervisor"),
    straight("erasing-propose", "admin/appeals/erasureproposal/propose.html", "/admin/appeals/erasureproposal/add/",
             who="supervisor"),
    straight("erasing-proposal", "admin/appeals/erasureproposal/detail.html",
             "/admin/appeals/erasureproposal/{proposal}/change/", who="second"),
    straight("security-events", "Django's admin", "/admin/portal/securityevent/", who="auditor"),
]  # fmt: skip
