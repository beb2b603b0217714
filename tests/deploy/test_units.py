"""The services are understood by systemd, kept from the rest of the machine, and given no key that they need not have."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bench import weights
from tests.browser.portal import ROOT

DEPLOY = ROOT / "deploy"
UNITS = [
    "portal-web@1.service",
    "portal-appeals@1.service",
    "portal-office.service",
    "portal-worker.service",
    "portal-backup.service",
]
OTHERS = [
    "portal-web.socket",
    "portal-appeals.socket",
    "portal-web.target",
    "portal-backup.timer",
    "system-portal_yielding.slice",
]
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root folder with the units where ``deploy/install`` puts them, and systemd's own."""
    root = tmp_path_factory.mktemp("machine")
    shutil.copytree(DEPLOY / "systemd", root / "etc/systemd/system")
    shutil.copytree("/usr/lib/systemd/system", root / "usr/lib/systemd/system", symlinks=True)
    for name in ("deploy/wait-until-ready", ".venv/bin/python"):
        program = root / "srv/portal" / name
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    return root


def analyze(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", f"--root={root}", *arguments], capture_output=True, text=True, check=False
    )


@needs_systemd
@pytest.mark.parametrize("unit", UNITS + OTHERS)
def test_systemd_finds_no_fault_in_a_unit(machine, unit):
    done = analyze(machine, "--recursive-errors=no", "verify", unit)
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_a_service_is_exposed_to_little(machine, unit):
    done = analyze(machine, "--offline=yes", "--threshold=20", "security", unit)
    assert done.returncode == 0, done.stdout


def test_no_service_sees_the_history_of_the_source_or_the_secrets_of_others():
    text = (DEPLOY / "systemd/portal-.service.d/hardening.conf").read_text()
    (hidden,) = re.findall(r"^InaccessiblePaths=(.*)$", text, re.MULTILINE)
    assert {"-/srv/portal/.git", "-/etc/portal"} <= set(hidden.split())


@pytest.mark.parametrize(
    ("unit", "secrets"),
    [
        ("portal-web@.service", {"secret_key", "database_url"}),
        ("portal-appeals@.service", {"secret_key", "database_url"}),
        ("portal-backup.service", {"secret_key", "database_url"}),
        ("portal-office.service", {"secret_key", "database_url", "office_key"}),
        ("portal-worker.service", {"secret_key", "database_url", "office_key"}),
    ],
)
def test_only_what_works_for_the_office_has_its_key(unit, secrets):
    text = (DEPLOY / "systemd" / unit).read_text()
    assert set(re.findall(r"^LoadCredential=(\w+):/etc/portal/\1$", text, re.MULTILINE)) == secrets
    assert set(re.findall(r"=%d/(\w+)", text)) == secrets


def test_the_load_tests_weigh_the_processes_as_systemd_does():
    units = {
        "nginx": "nginx.service.d/weight.conf",
        "readers": "portal-web@.service",
        "yielding": "system-portal_yielding.slice",
        "yielding/writers": "portal-appeals@.service",
        "yielding/worker": "portal-worker.service",
    }
    said = {name: (DEPLOY / "systemd" / unit).read_text() for name, unit in units.items()}
    assert {name: re.findall(r"^CPUWeight=(.+)$", text, re.MULTILINE) for name, text in said.items()} == {
        name: [weight] for name, weight in weights.TREE.items()
    }
    slices = {name: re.findall(r"^Slice=(.+)$", text, re.MULTILINE) for name, text in said.items()}
    # An instance without a slice of this name would be weighed against the other instances alone.
    assert slices["readers"] == ["system.slice"]
    assert slices["yielding/writers"] == slices["yielding/worker"] == [units["yielding"]]


def test_the_example_names_only_what_the_readme_explains():
    names = re.findall(r"^(\w+)=", (DEPLOY / "systemd/portal.env.example").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert "PORTAL_ENV" in names
    assert [name for name in names if f"`{name}`" not in readme] == []


def test_the_image_holds_every_package_of_the_portal():
    copied = set(re.findall(r"^COPY (\w+) \1$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE))
    let_in = {line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == {"appeals", "locale", "news", "portal", "static", "templates"}
    assert let_in == copied | {"manage.py", "deploy/build.lock", "deploy/requirements.lock"}


@pytest.mark.parametrize("script", ["install", "manage", "wait-until-ready"])
def test_a_script_is_correct_for_the_shell(script):
    assert (DEPLOY / script).stat().st_mode & 0o111
    subprocess.run(["sh", "-n", str(DEPLOY / script)], check=True)
