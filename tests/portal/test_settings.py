"""The settings are loud: what is missing, odd or dangerous stops the start with the variable's name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "a-made-up-key-of-more-than-fifty-characters-0123456789-abcdefghij",  # pragma: allowlist secret - made up
    "OFFICE_KEY": "5a" * 32,
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "sqlite://",
}


@pytest.fixture
def check(tmp_path):
    """Run ``manage.py check`` with these variables and no others."""

    def run(*arguments: str, **variables: str) -> tuple[int, str]:
        environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(tmp_path / "data")} | variables
        done = subprocess.run(
            [sys.executable, "manage.py", "check", *arguments],
            cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


def test_without_any_variable_the_portal_starts(check):
    code, output = check()
    assert code == 0, output


@pytest.mark.parametrize("name", ["SECRET_KEY", "OFFICE_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_production_names_what_is_missing_and_how_to_set_it(check, name):
    code, output = check(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert code != 0
    assert f"PORTAL_ENV=production needs {name}: set {name}" in output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("HTTPS", "2"),
        ("BEHIND_PROXY", "ja"),
        ("APPEAL_TERM_DAYS", "thirty"),
        ("KEEP_ANSWERED_DAYS", "five years"),
        ("KEEP_CRIME_DAYS", "30"),
        ("KEEP_WITHDRAWN_DAYS", "-1"),
        ("BODY_LIMIT_MB", "1.5"),
        ("DISK_FREE_MB", "much"),
        ("LOG_FORMAT", "xml"),
        ("METRICS_PORT", "65536"),
        ("METRICS_PORT", "-1"),
        ("ATTACHMENTS_TOTAL_MB", "0"),
        ("ATTACHMENTS_TOTAL_MB", "63"),
        ("ATTACHMENTS_MOST", "ten"),
        ("CLAMD_SOCKET", "clamd.socket"),
        ("PORTAL_ENV", "prod"),
        ("ARTICLE21_READING", "all"),
        ("TASKS_EAGER", "maybe"),
        ("SITE_URL", "portal.example"),
        ("SITE_URL", "https://portal.example/tg/"),
        ("EMAIL_FROM", "Press Service <press@portal.example>"),
        ("EMAIL_PORT", "smtp"),
        ("EMAIL_TLS", "ssl"),
    ],
)
def test_an_odd_value_names_its_variable(check, name, value):
    code, output = check(**{name: value})
    assert code != 0
    assert f"{name} must be" in output
    assert repr(value) in output


def test_debug_is_refused_in_production(check):
    code, output = check(**PRODUCTION, DEBUG="1")
    assert code != 0
    assert "DEBUG must not be set with PORTAL_ENV=production." in output


def test_a_secret_may_come_from_a_file(check, tmp_path):
    path = tmp_path / "key"
    path.write_text(PRODUCTION["SECRET_KEY"] + "\n")
    variables = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    code, output = check("--deploy", "--fail-level", "WARNING", **variables, SECRET_KEY_FILE=str(path))
    assert code == 0, output


def test_a_secret_file_that_cannot_be_read_names_its_variable(check, tmp_path):
    code, output = check(SECRET_KEY_FILE=str(tmp_path / "not-there"))
    assert code != 0
    assert "SECRET_KEY_FILE cannot be read" in output


def test_the_deployment_check_is_clean_in_production(check):
    code, output = check("--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert code == 0, output


def test_the_deployment_check_can_go_red(check):
    code, output = check("--deploy", "--fail-level", "WARNING", **PRODUCTION, HTTPS="0")
    assert code != 0
    assert "SECURE_HSTS_SECONDS" in output


def test_a_secret_made_for_this_machine_is_kept_and_private(check, tmp_path):
    check()
    path = tmp_path / "data" / "secrets" / "django"
    first = path.read_text()
    check()
    assert path.read_text() == first
    assert path.stat().st_mode & 0o077 == 0


def test_a_short_token_is_refused_and_not_repeated(check):
    code, output = check(HEALTH_TOKEN="short-token")
    assert code != 0 and "HEALTH_TOKEN must be" in output and "short-token" not in output


def test_error_reports_are_sent_only_where_an_address_is_set(check, tmp_path):
    """Without the library's package the start says what is missing; without an address it is not even imported."""
    (tmp_path / "sentry_sdk.py").write_text("raise ImportError")
    code, output = check(SENTRY_DSN="https://key@collector.example/1", PYTHONPATH=str(tmp_path))
    assert code != 0 and "SENTRY_DSN needs the packages of requirements-sentry.txt" in output
    assert check(PYTHONPATH=str(tmp_path))[0] == 0
    assert check(SENTRY_DSN="https://key@collector.example/1")[0] == 0


def test_a_replica_of_a_database_that_has_none_is_refused(check):
    code, output = check(DATABASE_REPLICA_URL="postgres://reader@replica.example/portal")
    assert code != 0
    assert "DATABASE_REPLICA_URL and DATABASE_URL must both be postgres" in output


def test_the_address_of_the_database_may_name_several_servers(check):
    """As libpq has it; the port of a server that names none is the usual one."""
    code, output = check(
        # pragma: allowlist nextline secret - made up
        DATABASE_URL="postgres://portal:a%2Cb@one.example:5433,[::1]/portal?target_session_attrs=read-write",
        **{name: value for name, value in PRODUCTION.items() if name != "DATABASE_URL"},
    )
    assert code == 0, output
    code, output = check(DATABASE_URL="postgres://one.example:5433,two.example:port/portal")
    assert code != 0 and "DATABASE_URL" in output
