"""The check before a release: what it reads, and that one fault fails it."""

import subprocess
import sys

import pytest

from deploy import release_check
from deploy.release_check import Fault, check, newest_entry, packages
from portal import __version__
from tests.browser.portal import ROOT


def test_the_changes_begin_with_this_version():
    assert newest_entry((ROOT / "CHANGELOG.md").read_text())[0] == __version__


def test_the_version_is_told_to_who_may_start_the_portal():
    done = subprocess.run(
        [sys.executable, "-m", "portal", "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{__version__}\n"


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("# Changes\n\n## [1.2.0] - 2027-01-02\n\n## [1.1.0] - 2026-12-01\n", ("1.2.0", "2027-01-02")),
        ("## [Unreleased]\n", ("Unreleased", "")),
    ],
)
def test_the_uppermost_entry_counts(text, entry):
    assert newest_entry(text) == entry


def test_a_change_log_without_an_entry_is_a_fault():
    with pytest.raises(Fault):
        newest_entry("# Changes\n")


def test_a_version_that_is_not_that_of_the_changes_is_a_fault(monkeypatch):
    monkeypatch.setattr(release_check, "__version__", "0.0.1")
    with pytest.raises(Fault, match=r"says 0\.0\.1"):
        release_check.version()


def test_packages_are_read_from_a_lock():
    assert packages("# made by\naa==1 \\\n    --hash=sha256:00\nb-b==2.0 ; sys_platform == 'x' \\\n") == {
        "aa": "1",
        "b-b": "2.0",
    }


def test_a_command_that_fails_is_a_fault_with_its_last_line():
    with pytest.raises(Fault, match=r"^why$"):
        release_check.run(sys.executable, "-c", "print('much'); import sys; sys.exit('why')")


def test_every_check_has_its_line_and_one_fault_fails_all(capsys):
    def broken() -> None:
        raise Fault("because")

    assert check([("one", lambda: None), ("two", broken), ("three", lambda: None)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ok", "FAILED", "ok"]
    assert lines[1].endswith("because")
