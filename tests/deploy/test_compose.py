"""compose.yaml is what the Compose specification allows, and names nothing that it does not have."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.browser.portal import ROOT

COMPOSE = ROOT / "deploy/compose.yaml"


def check(path: Path) -> subprocess.CompletedProcess[str]:
    """By the specification's own JSON schema, which the checker carries with it."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_specification_allows_it():
    done = check(COMPOSE)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("restart: unless-stopped", "restrat: unless-stopped"), ("pids_limit: 512", "pids_limit: [512]")],
)
def test_the_check_sees_a_fault(tmp_path, right, wrong):
    broken = tmp_path / "compose.yaml"
    broken.write_text(COMPOSE.read_text().replace(right, wrong, 1))
    assert check(broken).returncode == 1


@pytest.fixture
def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text())


@pytest.mark.parametrize("kind", ["secrets", "networks"])
def test_what_the_services_use_is_defined_and_used(compose, kind):
    used = {name for service in compose["services"].values() for name in service.get(kind, [])}
    assert used == set(compose[kind])


def test_every_volume_is_defined_and_used(compose):
    mounted = [volume for service in compose["services"].values() for volume in service.get("volumes", [])]
    assert {name.split(":")[0] for name in mounted if name[0] not in "./$"} == set(compose["volumes"])


def test_a_service_waits_for_what_can_become_so(compose):
    services = compose["services"]
    for name, service in services.items():
        for other, wait in service.get("depends_on", {}).items():
            assert other in services, name
            assert wait["condition"] != "service_healthy" or "healthcheck" in services[other], f"{name}: {other}"


def test_the_containers_of_the_portal_write_nowhere_but_into_their_volumes(compose):
    ours = {name: it for name, it in compose["services"].items() if it["image"] == "portal"}
    assert set(ours) == {"prepare", "web", "office", "worker", "backup"}
    for name, service in ours.items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
    holders = {name for name, service in ours.items() if "office_key" in service["secrets"]}
    assert holders == {"prepare", "office", "worker"}
