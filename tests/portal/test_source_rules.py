"""What the product's own source must not do, whoever writes it: read from the syntax trees, nothing is run."""

import ast
import re
from functools import cache

import pytest

from .arrows import ROOT, modules

PRODUCT = {name: path for name, path in modules().items() if ".demo." not in name}
# Code made of data, and data that becomes objects by itself.
NO_CALLS = {"eval", "exec", "compile", "os.system", "os.popen"}
NO_IMPORTS = {"pickle", "marshal", "shelve", "yaml", "telnetlib", "ftplib", "xmlrpc", "aiohttp", "urllib.request"}
# Who speaks to another machine, and to which: docs/asvs.md lists the same.
SPEAKS = {
    "appeals.scan": "the virus scanner of CLAMD_SOCKET",
    "appeals.signature_online": "the trusted authorities, with SIGNATURE_ONLINE=1",
    "news.link_fetch": "public addresses in public reports",
    "portal.error_reports": "the collector of SENTRY_DSN",
    "portal.listening": "this machine: the socket and the messages of systemd",
    "portal.management.commands.serve": "this machine: whether the port is free, and the pages that it warms",
    "portal.object_store": "the store of MEDIA_S3_ENDPOINT",
    "portal.outbox": "the mail server of EMAIL_HOST, by Django",
    "portal.shared_cache": "the cache of CACHE_URL",
}
NETWORK = {
    "socket", "http.client", "smtplib", "ssl", "requests", "boto3", "botocore", "storages", "sentry_sdk", "redis",
    "pyhanko_certvalidator.fetchers",
}  # fmt: skip
# Programs that are started, each with a list of words: never by a shell.
STARTS = {
    "appeals.captcha_sound", "portal.backup.database", "portal.crew", "portal.management.commands.restore",
}  # fmt: skip
# SQL that is no constant: names of our own tables, and what Django's own queries become. Values are always parameters.
FORMED = {
    "appeals.append_only", "appeals.casework.indexing", "appeals.casework.traces", "appeals.statistics", "news.reads",
    "news.search", "portal.backup.database",
}  # fmt: skip
# Chance that need not be hidden: pauses.
CHANCE = {"news.link_check", "portal.worker"}
SCRIPTS = [*sorted((ROOT / "static/js").glob("*.js")), ROOT / "templates/sw.js"]


@cache
def nodes(module: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(PRODUCT[module].read_text(encoding="utf-8"))))


@cache
def calls(module: str) -> list[ast.Call]:
    return [node for node in nodes(module) if isinstance(node, ast.Call)]


def name_of(called: ast.expr) -> str:
    """``eval``, ``os.system``; "" for what is no plain name."""
    if isinstance(called, ast.Attribute):
        return f"{name_of(called.value)}.{called.attr}"
    return called.id if isinstance(called, ast.Name) else ""


@pytest.mark.parametrize(("code", "name"), [("eval(x)", "eval"), ("os.system(x)", "os.system"), ("a().b(x)", ".b")])
def test_a_call_is_seen(code, name):
    assert name_of(ast.parse(code).body[0].value.func) == name


@cache
def imported(module: str) -> set[str]:
    """From outside of the package, wherever it stands in the module."""
    found = {alias.name for node in nodes(module) if isinstance(node, ast.Import) for alias in node.names}
    for node in nodes(module):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def imports_any(module: str, wanted: set[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for name in imported(module) for one in wanted)


def test_no_code_is_made_of_data_and_no_object_of_bytes():
    called = {(module, name_of(call.func)) for module in PRODUCT for call in calls(module)}
    assert [(module, name) for module, name in called if name in NO_CALLS] == []
    assert [module for module in PRODUCT if imports_any(module, NO_IMPORTS)] == []


def test_programs_are_started_in_few_places_and_never_by_a_shell():
    assert {module for module in PRODUCT if imports_any(module, {"subprocess"})} == STARTS
    shells = [
        ast.unparse(call)
        for module in STARTS
        for call in calls(module)
        for word in call.keywords
        if word.arg == "shell"
    ]
    assert shells == []


def test_who_speaks_to_other_machines_is_known_and_documented():
    speaking = {module for module in PRODUCT if imports_any(module, NETWORK)}
    assert speaking == set(SPEAKS)
    page = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
    assert [module for module in SPEAKS if f"`{module}`" not in page] == []


def test_chance_that_must_not_be_guessed_comes_from_the_system():
    assert {module for module in PRODUCT if imports_any(module, {"random", "uuid"})} == CHANCE


def test_sql_is_never_put_together_with_what_somebody_sent():
    formed = {
        (module, ast.unparse(call.args[0])[:60])
        for module in PRODUCT
        for call in calls(module)
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"execute", "executemany", "raw", "extra"}
        and call.args and not isinstance(call.args[0], ast.Constant)
        and ".migrations." not in module
    }  # fmt: skip
    assert {module for module, _sql in formed} == FORMED, sorted(formed)


def test_no_template_says_that_foreign_words_are_safe():
    said = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in (ROOT / "templates").rglob("*")
        if path.is_file() and re.search(r"\|\s*safe\b|autoescape\s+off|safeseq", path.read_text(encoding="utf-8"))
    }
    assert said == {"email/base.txt", "news/press_kit_text.html"}, (
        "letters in plain text; a text that is cleaned when saved"
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_runs_words_or_speaks_to_other_sites(script):
    code = script.read_text(encoding="utf-8")
    assert not re.search(
        r"\beval\(|new Function|document\.write|\.outerHTML\s*=|setTimeout\(\s*[\"'`]|https?://(?!\$\{href\})", code
    )
    writes = re.findall(r"\.innerHTML\s*=(?!=)|insertAdjacentHTML", code)
    assert not writes or script.name in {"attachments.js", "desk-photo-upload.js"}, "rows that the portal itself drew"
