"""``make html``: every page that the tests fetch, as the Nu HTML checker sees it.

The checker is a program in Java: ``npm install vnu-jar`` or https://github.com/validator/validator/releases; VNU
names its ``vnu.jar``. It sees what the structural guard of ``tests.pageclient`` cannot: which attribute may
stand where, what its value may be, which element may contain which.

As a plug-in of pytest (``-p tests.html_check``) this module saves the pages; as a program it runs tests, then the checker.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client

HOW_TO = "It needs Java and the Nu HTML checker: npm install --prefix var vnu-jar, then\n  VNU={} make {}"
FOLDER = "HTML_CHECK_FOLDER"
WHERE = Path("var/node_modules/vnu-jar/build/dist/vnu.jar")
# The pages that a person sees on the usual ways, in all languages. ARGS names other tests instead, or all: ARGS=tests
TESTS = (
    "tests/portal/test_headers.py tests/portal/test_error_pages.py tests/portal/test_accessibility_page.py "
    "tests/portal/test_staff_security_account.py tests/news/test_front_page.py tests/news/test_lists.py "
    "tests/news/test_text_edition.py tests/news/test_videos.py tests/news/test_subscriptions.py "
    "tests/news/test_writing_desk.py tests/news/test_workflow_desk.py tests/news/test_quotes.py tests/news/test_dashboard.py "
    "tests/appeals/test_rules.py tests/appeals/test_follow_up.py tests/appeals/test_office.py tests/appeals/test_entering.py "
    "tests/appeals/test_find_by_person.py tests/appeals/test_journal_desk.py tests/appeals/test_erasure_desk.py "
    "tests/appeals/test_statistics.py tests/appeals/test_queues.py tests/appeals/test_judgement.py"
)
# What differs from one answer to the next, and not from page to page.
VARYING = re.compile(r"\d+|\b[0-9a-f]{8,}\b|\b\w{64}\b")
# What somebody typed, odd characters and all, is shown as it was typed; Django's own templates are Django's.
NOT_OURS = re.compile(
    r"Saw U\+0000|Forbidden code point|for attribute .value. on element .input.|for attribute .href.*Illegal character"
    r"|table row was . columns? wide|aria-hidden. is unnecessary|Normalization Form C|must have a descendant .option."
    r"|This document appears to be written in"  # Guessed from what somebody wrote, not from the page's own texts.
    r"|Found reserved language tag: .none.|must be the ID of a non-hidden form control|Element .option. without attribute .label."
)


def pytest_collection_finish() -> None:
    if folder := os.environ.get(FOLDER):
        save_pages(Path(folder))


def save_pages(folder: Path) -> None:
    """From now on each page that a test client is given is kept in ``folder``, those alike once."""
    fetch = Client.request

    def request(self: Client, **environ: Any) -> HttpResponse:
        response = fetch(self, **environ)
        if response.get("Content-Type", "").startswith("text/html") and not response.has_header("Content-Encoding"):
            page = b"".join(response) if response.streaming else response.content
            digest = hashlib.sha256(VARYING.sub("", page.decode()).encode()).hexdigest()[:12]
            name = re.sub(r"\W+", "_", environ["PATH_INFO"])[:80]
            if page:
                (folder / f"{name}-{response.status_code}-{digest}.html").write_bytes(page)
        return response

    Client.request = request


def faults(pages: Path, jar: Path) -> dict[str, set[str]]:
    """What the checker says against the pages in ``pages``: each message with the pages of which it says so."""
    command = ["java", "-Xss4m", "-jar", str(jar), "--format", "json", "--exit-zero-always", str(pages)]
    said = json.loads(subprocess.run(command, stderr=subprocess.PIPE, check=True).stderr)
    found: dict[str, set[str]] = {}
    for message in said["messages"]:
        counts = message["type"] == "error" or message.get("subType") == "warning"
        if counts and not NOT_OURS.search(message["message"]):
            found.setdefault(message["message"], set()).add(Path(message["url"]).stem)
    return found


def main(arguments: list[str]) -> str | None:
    """Run the tests and the checker; returns what to say on failing."""
    jar = Path(os.environ.get("VNU", WHERE))
    if not jar.is_file() or not shutil.which("java"):
        return HOW_TO.format(WHERE, "html")
    with tempfile.TemporaryDirectory(prefix="portal-html-") as folder:
        tests = arguments or TESTS.split()
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.html_check", "-m", "not browser", *tests]
        passed = subprocess.run(command, check=False, env=os.environ | {FOLDER: folder}).returncode == 0
        found = faults(Path(folder), jar)
        print(f"{len(os.listdir(folder))} pages, {len(found)} kinds of faults")
    for message, pages in sorted(found.items()):
        print(f"{message}\n  {len(pages)} pages, for instance {min(pages)}")
    return None if passed and not found else "Some pages have faults." if found else "Some tests failed."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
