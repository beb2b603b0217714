"""The ways of a citizen, with and without mistakes: see ``tests.browser.pages``."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.pages import Stop, Way, straight
from tests.browser.visitor import Visitor

WRITERS = ("individual", "entity", "group", "behalf")
WRITE, CHECK, CASE = Stop("appeals/write.html"), Stop("appeals/check.html"), Stop("appeals/case.html")
TRACK, VERIFY, MEND = Stop("appeals/track.html"), Stop("appeals/verify.html"), Stop("appeals/mend.html")


def writing(visitor: Visitor) -> Iterator[str]:
    visitor.go("appeals/")
    yield "rules"
    visitor.go("appeals/write/")
    yield "write"
    visitor.fill(surname="Р.")
    visitor.press("button[name=next]")
    yield "write-mistakes"
    for writer in WRITERS:
        visitor.page.check(f"[name=applicant][value={writer}]", force=True)
        visitor.press("button[name=next]")
        yield f"write-mistakes-{writer}"
    visitor.page.check("[name=crime][value=yes]", force=True)
    visitor.press("button[name=next]")
    yield "write-mistakes-crime"
    visitor.go("appeals/")
    yield "rules-with-a-draft"


def sending(visitor: Visitor) -> Iterator[str]:
    visitor.write()
    yield "check"
    visitor.unfold()
    yield "check-unfolded"
    visitor.solve()
    visitor.press("main .button[name=send]")
    yield "check-without-a-signature"
    visitor.sign()
    visitor.fill(captcha_1="0")
    visitor.press("main .button[name=send]")
    yield "check-wrong-captcha"
    number, _code = visitor.send()
    yield "receipt"
    receipt = visitor.page.request.get(f"/{visitor.language}/appeals/receipt/receipt.pdf").body()
    visitor.press("main form .button")
    yield "rules-after-the-receipt"
    visitor.go("appeals/verify/")
    yield "verify"
    visitor.press("main form .button")
    yield "verify-mistakes"
    visitor.fill(number=number, digest="0" * 64)
    visitor.press("main form .button")
    yield "verify-not-confirmed"
    visitor.go("appeals/verify/")
    file = {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": receipt}
    visitor.page.set_input_files("[name=receipt]", file)
    visitor.press("main form .button")
    yield "verify-genuine"


def putting_aside(visitor: Visitor) -> Iterator[str]:
    visitor.go("appeals/write/?lost=1")
    yield "write-without-the-draft"
    visitor.fill(surname="Раҳимов")
    visitor.press("button[name=later]")
    yield "later"
    visitor.go("appeals/resume/")
    yield "resume-beside-another"
    visitor.press("main form .button")
    yield "resume-mistakes"
    visitor.go("appeals/erase/")
    yield "erase"
    visitor.press("main form .button:not(.button--quiet)")
    yield "rules-erased"
    visitor.go("appeals/resume/")
    yield "resume"


def tracking(visitor: Visitor) -> Iterator[str]:
    visitor.go("appeals/track/")
    yield "track"
    visitor.fill(number="1")
    visitor.press("main form .button")
    yield "track-mistakes"
    visitor.fill(number=visitor.content["numbers"]["withdrawn"], code=visitor.content["codes"]["received"])
    visitor.press("main form .button")
    yield "track-wrong-code"


def following(visitor: Visitor) -> Iterator[str]:
    for state in ("received", "forwarded", "withdrawn"):
        yield from opened(visitor, state)
    yield from opened(visitor, "asked")
    visitor.go("appeals/case/mend/")
    yield "mend"
    visitor.fill(address="")
    visitor.press("form[action$='/mend/'] button")
    yield "mend-mistakes"
    visitor.go("appeals/case/")
    visitor.press("form[action$='/message/'] .button")
    yield "case-empty-message"
    visitor.go("appeals/case/")
    visitor.unfold()
    visitor.press("form[action$='/withdraw/'] .button")
    yield "case-withdrawal-unconfirmed"
    yield from opened(visitor, "answered")
    visitor.press("form[action$='/rate/'] .button")
    yield "case-not-rated"


def opened(visitor: Visitor, state: str) -> Iterator[str]:
    visitor.cookie("appeal_case", visitor.content["cases"][state])
    visitor.go("appeals/case/")
    yield f"case-{state}"


STATES = ("received", "forwarded", "withdrawn", "asked", "answered")
WAYS = [
    Way(writing, {
        "rules": Stop("appeals/rules.html"),
        "write": WRITE,
        "write-mistakes": WRITE,
        **{f"write-mistakes-{writer}": WRITE for writer in (*WRITERS, "crime")},
        "rules-with-a-draft": Stop("appeals/rules.html"),
    }, needs_content=False),
    Way(sending, {
        "check": CHECK,
        "check-unfolded": CHECK,
        "check-without-a-signature": CHECK,
        "check-wrong-captcha": CHECK,
        "receipt": Stop("appeals/receipt.html"),
        "rules-after-the-receipt": Stop("appeals/rules.html"),
        **dict.fromkeys(("verify", "verify-mistakes", "verify-not-confirmed", "verify-genuine"), VERIFY),
    }, needs_content=False),
    Way(putting_aside, {
        "write-without-the-draft": WRITE,
        "later": Stop("appeals/later.html"),
        **dict.fromkeys(("resume-beside-another", "resume-mistakes", "resume"), Stop("appeals/resume.html")),
        "erase": Stop("appeals/erase.html"),
        "rules-erased": Stop("appeals/rules.html"),
    }, needs_content=False),
    Way(tracking, dict.fromkeys(("track", "track-mistakes", "track-wrong-code"), TRACK)),
    Way(following, {
        **{f"case-{state}": CASE for state in STATES},
        **dict.fromkeys(("mend", "mend-mistakes"), MEND),
        **dict.fromkeys(("case-empty-message", "case-withdrawal-unconfirmed", "case-not-rated"), CASE),
    }),
    straight("public-statistics", "appeals/statistics.html", "appeals/statistics/"),
]  # fmt: skip
