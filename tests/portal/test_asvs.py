"""docs/asvs.md: every requirement stands there once, and what it names exists."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from .arrows import ROOT, modules

PAGE = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
# ASVS 5.0.0 by its own list: the last number of each section at level 2 or below; what is of level 3 is left out.
SECTIONS = """
1.1=1-2 1.2=1-9 1.3=1-11 1.4=1-3 1.5=1-2
2.1=1-3 2.2=1-3 2.3=1-4 2.4=1
3.2=1-2 3.3=1-4 3.4=1-6 3.5=1-5 3.7=1-2
4.1=1-3 4.2=1 4.3=1-2 4.4=1-4
5.1=1 5.2=1-3 5.3=1-2 5.4=1-3
6.1=1-3 6.2=1-12 6.3=1-4 6.4=1-4 6.5=1-5 6.6=1-3 6.8=1-4
7.1=1-3 7.2=1-4 7.3=1-2 7.4=1-5 7.5=1-2 7.6=1-2
8.1=1-2 8.2=1-3 8.3=1 8.4=1
9.1=1-3 9.2=1-4
10.1=1-2 10.2=1-2 10.3=1-4 10.4=1-11 10.5=1-5 10.6=1-2 10.7=1-3
11.1=1-2 11.2=1-3 11.3=1-3 11.4=1-4 11.5=1 11.6=1
12.1=1-3 12.2=1-2 12.3=1-4
13.1=1 13.2=1-5 13.3=1-2 13.4=1-5
14.1=1-2 14.2=1-4 14.3=1-3
15.1=1-3 15.2=1-3 15.3=1-7
16.1=1 16.2=1-5 16.3=1-4 16.4=1-3 16.5=1-3
17.1=1 17.2=1-4 17.3=1-2
"""
NUMBER = re.compile(r"\b\d{1,2}\.\d\.\d{1,2}\b")
A_TEST = re.compile(r"tests/[\w/]+\.py::test_\w+")
ENCRYPTS = re.compile(
    r"^\s*(?:from|import) (?:nacl|cryptography|fido2|hashlib|hmac|pyhanko\w*)\b|salted_hmac|django\.core import signing|django\.core\.signing",
    re.M,
)


def wanted() -> set[str]:
    found = set()
    for section, _is, places in (part.partition("=") for part in SECTIONS.split()):
        first, _to, last = places.partition("-")
        found |= {f"{section}.{place}" for place in range(int(first), int(last or first) + 1)}
    return found


def part(title: str) -> str:
    """What stands under a heading, up to the next of its rank."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] not in {"number", "reason", "---"}]


APPLY = {row[0]: row[1:] for row in rows(part("The requirements that apply"))}


@cache
def cases_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@cache
def names_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def missing(quoted: str) -> str:
    """What is wrong with a path in backticks, perhaps with a name behind it; "" if it is there."""
    path, _colons, name = quoted.partition("::")
    if not (ROOT / path).exists():
        return f"there is no {path}"
    found = cases_in(ROOT / path) if path.startswith("tests/") else names_of(ROOT / path) if name else set()
    return f"{path} has no {name}" if name and name not in found else ""


def test_the_list_is_the_one_of_the_release():
    assert len(wanted()) == 253


def test_every_requirement_stands_there_once():
    numbers = [row[0] for row in rows(part("The requirements that apply"))]
    numbers += [number for row in rows(part("Does not apply")) for number in NUMBER.findall(row[1])]
    assert [number for number, times in Counter(numbers).items() if times > 1] == []
    assert set(numbers) == wanted()


def test_what_is_met_in_part_stands_on_top_and_nothing_else():
    admitted = {number for row in rows(part("Not met, or in part")) for number in row[0].split(", ")}
    assert admitted == {number for number, row in APPLY.items() if re.match(r"(?:Part|No)\.", row[1])}


def test_every_requirement_names_a_test():
    named = {number: re.findall(r"`([^`]+)`", row[2]) for number, row in APPLY.items()}
    bad = [number for number, tests in named.items() if not tests or not all(map(A_TEST.fullmatch, tests))]
    assert bad == [number for number, row in APPLY.items() if row[1].startswith("No.") and row[2] == "–"]
    assert [number for number, row in APPLY.items() if len(row[0].split()) > 12] == [], "our own words, and few"


def test_everything_that_is_named_exists():
    quoted = re.findall(r"`((?:appeals|news|portal|deploy|docs|static|templates|tests)/[^`\s]+)`", PAGE)
    assert len(quoted) > 200
    assert [fault for one in quoted if (fault := missing(one))] == []


@pytest.mark.parametrize(
    ("quoted", "fault"),
    [
        ("tests/portal/test_asvs.py::test_no_such", "tests/portal/test_asvs.py has no test_no_such"),
        ("portal/throttle.py::nobody", "portal/throttle.py has no nobody"),
        ("portal/nowhere.py", "there is no portal/nowhere.py"),
        ("portal/throttle.py::network", ""),
        ("deploy/nginx/portal/tls.conf", ""),
    ],
)
def test_a_name_of_nothing_is_seen(quoted, fault):
    assert missing(quoted) == fault


def test_every_module_that_encrypts_is_in_the_inventory():
    inventory = PAGE.partition("\n### Cryptography")[2].partition("\n### ")[0]
    paths = {
        path.relative_to(ROOT).as_posix()
        for name, path in modules().items()
        if ".demo." not in name and ".migrations." not in name and ENCRYPTS.search(path.read_text(encoding="utf-8"))
    }
    assert len(paths) > 20
    assert sorted(path for path in paths if f"`{path}`" not in inventory) == []
