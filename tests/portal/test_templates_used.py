"""No template lies about that nothing uses."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
# Django asks for these by name.
KNOWN_TO_DJANGO = re.compile(r"(400|403|403_csrf|404|500)\.html|(admin|registration|captcha|django/forms)/.+")


def sources() -> dict[str, str]:
    """Everything that can name a template: the apps' Python and the templates themselves."""
    paths = [path for app in ("portal", "news", "appeals") for path in (ROOT / app).rglob("*.py")]
    paths += [path for path in TEMPLATES.rglob("*") if path.is_file()]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def names() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())


def is_used(name: str, texts: dict[str, str]) -> bool:
    if KNOWN_TO_DJANGO.fullmatch(name):
        return True
    quoted = re.compile(rf"""["']{re.escape(name)}["']""")
    return any(quoted.search(text) for place, text in texts.items() if place != f"templates/{name}")


@pytest.mark.parametrize("name", names())
def test_a_template_is_used(name):
    assert is_used(name, sources())


def test_an_unused_template_is_seen():
    texts = {"news/views.py": "render(request, 'news/report.html')", "templates/news/_gone.html": '"news/_gone.html"'}
    assert is_used("news/report.html", texts)
    assert not is_used("news/_gone.html", texts), "a template that only names itself is not used"
    assert is_used("404.html", {})
