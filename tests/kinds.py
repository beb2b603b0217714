"""The kinds of tests that need something which a machine may lack, and why this machine lacks it."""

import importlib.util
import os
import pwd
import shutil
from pathlib import Path

import psycopg2

ALL = ("browser", "postgres", "gettext", "clamd", "ocr", "speech", "nginx", "clusters", "redis")
# The one without windows first: it starts and draws in less time, and needs less memory.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def asked_for(kind: str) -> bool:
    """This run answers for ``kind``: it does for all of them unless PORTAL_TEST_KINDS names some."""
    named = os.environ.get("PORTAL_TEST_KINDS", "").replace(",", " ").split()
    if unknown := set(named) - set(ALL):
        raise SystemExit(f"PORTAL_TEST_KINDS: there are no kinds {', '.join(sorted(unknown))}; known: {', '.join(ALL)}")
    return not named or kind in named


def missing(postgres: str) -> dict[str, str]:
    """The kinds that this run leaves out, each with its reason."""
    reasons = {
        "browser": why_no_browser(),
        "postgres": postgres,
        "gettext": why_no_gettext(),
        "clamd": why_no_clamd(),
        "ocr": why_no_program("tesseract", "tesseract-ocr"),
        "speech": why_no_program("espeak-ng", "espeak-ng"),
        "nginx": why_no_nginx(),
        "redis": why_no_program("redis-server", "redis-server"),
        "clusters": why_no_clusters(),
    }
    for kind in ALL:
        if not asked_for(kind):
            reasons[kind] = "PORTAL_TEST_KINDS leaves it to another run"
    return {kind: why for kind, why in reasons.items() if why}


def chromium_path() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)


def why_no_browser() -> str:
    if not importlib.util.find_spec("playwright"):
        return "Playwright is not installed"
    return "" if chromium_path() else "no Chromium found (apt install chromium, or set CHROMIUM to its path)"


def why_no_gettext() -> str:
    return "" if shutil.which("xgettext") and shutil.which("msgfmt") else "no gettext tools found (apt install gettext)"


def clamd_path() -> str | None:
    return shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def why_no_clamd() -> str:
    return "" if clamd_path() else "no clamd found (apt install clamav-daemon)"


def nginx_path() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def why_no_nginx() -> str:
    return "" if nginx_path() else "no nginx found (apt install nginx-light)"


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    own = shutil.which("initdb")
    return found[-1].parent if found else Path(own).resolve().parent if own else None


def why_no_clusters() -> str:
    if not postgres_programs():
        return "no initdb found (apt install postgresql)"
    if os.geteuid() == 0 and not any(user.pw_name == "postgres" for user in pwd.getpwall()):
        return "PostgreSQL does not run as root, and there is no user postgres"
    return ""


def why_no_program(name: str, package: str) -> str:
    return "" if shutil.which(name) else f"{name} is not installed (apt install {package})"


def why_no_postgres() -> str:
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgres://", "postgresql://")):
        return "DATABASE_URL is not set to a PostgreSQL"
    try:
        psycopg2.connect(url, connect_timeout=3).close()
    except psycopg2.OperationalError as error:
        return f"DATABASE_URL does not answer ({' '.join(str(error).split())}); SQLite was used"
    return ""
