"""What production installs is what requirements.txt asks for, whole, each file by its digest."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.browser.portal import ROOT

LOCKS = {
    "requirements.lock": ["requirements.txt"],
    "requirements-sentry.lock": ["requirements.txt", "requirements-sentry.txt"],
}
MACHINES = [
    {"python_version": version, "python_full_version": f"{version}.0", "platform_machine": machine, "extra": ""}
    for version in ("3.11", "3.12", "3.13")
    for machine in ("x86_64", "aarch64")
]


def asked(*names: str) -> list[Requirement]:
    lines = [line for name in names for line in (ROOT / name).read_text().splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]


def locked(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Each package with its version and the digests of its files."""
    text = (ROOT / "deploy" / name).read_text().replace("\\\n", " ")
    entries = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    found = {}
    for entry in entries:
        requirement, *digests = re.split(r"\s+--hash=sha256:", entry.strip())
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests), entry
        parsed = Requirement(requirement)
        found[canonicalize_name(parsed.name)] = (parsed, digests)
    return found


def needed(requirement: Requirement, machine: dict[str, str]) -> list[Requirement]:
    """What the package needs on that machine, with the extras that were asked for, as the installed one says."""
    extras = requirement.extras or {""}
    try:
        found = [Requirement(it) for it in requires(requirement.name) or []]
    except PackageNotFoundError:  # One that other versions of Python need, and this one does not.
        return []
    return [
        it for it in found if not it.marker or any(it.marker.evaluate(machine | {"extra": extra}) for extra in extras)
    ]


@pytest.mark.parametrize(("lock", "files"), LOCKS.items())
def test_every_package_that_is_asked_for_is_locked_at_its_version(lock, files):
    entries = locked(lock)
    for requirement in asked(*files):
        entry, _digests = entries[canonicalize_name(requirement.name)]
        assert entry.specifier == requirement.specifier, f"{requirement}: make lock"


@pytest.mark.parametrize("lock", [*LOCKS, "build.lock"])
def test_every_locked_package_has_one_version_and_digests(lock):
    for name, (entry, digests) in locked(lock).items():
        assert re.fullmatch(r"==[^=*,]+", str(entry.specifier)), name
        assert digests, name


@pytest.mark.parametrize(("lock", "files"), LOCKS.items())
def test_what_the_packages_need_is_locked_too_on_every_kind_of_machine(lock, files):
    entries = locked(lock)
    for machine in MACHINES:
        waiting, seen = asked(*files), set()
        while waiting:
            requirement = waiting.pop()
            name = canonicalize_name(requirement.name)
            entry = entries[name][0]
            assert not entry.marker or entry.marker.evaluate(machine), f"{name} is left out on {machine}"
            assert requirement.specifier.contains(str(entry.specifier)[2:], prereleases=True), f"{requirement}: {entry}"
            key = (name, frozenset(requirement.extras))
            if key not in seen:
                seen.add(key)
                waiting += needed(requirement, machine)


@pytest.mark.parametrize("lock", [*LOCKS, "build.lock"])
def test_no_lock_names_where_packages_come_from(lock):
    assert not re.search(r"https?:|index-url|find-links", (ROOT / "deploy" / lock).read_text())


@pytest.mark.parametrize("script", ["install", "Containerfile"])
def test_production_installs_from_the_lock_alone(script):
    text = (ROOT / "deploy" / script).read_text().replace("\\\n", " ")
    installs = [line for line in text.splitlines() if " install " in line and "pip" in line]
    assert installs and all("--require-hashes" in line for line in installs)
    assert "requirements.txt" not in text
