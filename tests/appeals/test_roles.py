"""The server that citizens meet cannot read what it received: a real process with ``PORTAL_ROLE=public``."""

import html
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from appeals import vault
from tests.appeals.citizen import picture, values
from tests.appeals.served import collect_static
from tests.browser.portal import ROOT, free_port, is_ready

WORD = "Нишондорова"
PRIVATE = "3f" * 32
PUBLIC = vault.public_half(PRIVATE)


class Browser:
    """Just enough of one: cookies, forms with files."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        return self.opener.open(self.root + path).read().decode()

    def post(self, path: str, page: str, fields: dict, files: dict) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        parts = [(f'form-data; name="{name}"', value.encode()) for name, value in fields.items()]
        parts.append(('form-data; name="csrfmiddlewaretoken"', token.encode()))
        parts += [
            (f'form-data; name="{field}"; filename="{name}"', content) for field, (name, content) in files.items()
        ]
        body = b"".join(
            b"--X\r\nContent-Disposition: " + head.encode() + b"\r\n\r\n" + value + b"\r\n" for head, value in parts
        )
        headers = {"Content-Type": "multipart/form-data; boundary=X", "Referer": self.root + path}
        request = urllib.request.Request(self.root + path, body + b"--X--\r\n", headers)
        return self.opener.open(request).read().decode()


@pytest.fixture
def public_portal(tmp_path):
    """The production server in the role "public", with its own data and its own folder for temporary files."""
    data, temporary, log = tmp_path / "data", tmp_path / "tmp", tmp_path / "log"
    temporary.mkdir()
    environ = {
        "PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(data), "TMPDIR": str(temporary), "PORTAL_ROLE": "public",
        "OFFICE_PUBLIC_KEY": PUBLIC, "LOG_LEVEL": "INFO",
    }  # fmt: skip
    data.mkdir()
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environ, check=True)
    collect_static(environ)
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", f"--port={port}", "--workers=1", "--threads=4"],
            cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    end = time.monotonic() + 60
    while not is_ready(port):
        assert time.monotonic() < end, log.read_text()
        assert process.poll() is None, log.read_text()
        time.sleep(0.2)
    yield Browser(f"http://127.0.0.1:{port}"), process, tmp_path
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(timeout=20)


def captcha(data: Path, page: str) -> dict:
    key = re.search(r'name="captcha_0" value="(\w+)"', page)[1]
    with sqlite3.connect(data / "portal.sqlite3") as database:
        answer = database.execute("SELECT response FROM captcha_captchastore WHERE hashkey = ?", [key]).fetchone()[0]
    return {"captcha_0": key, "captcha_1": answer}


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def environment_and_memory_map(process: subprocess.Popen) -> bytes:
    """The environment of the server and of all its children."""
    ids = [process.pid]
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == process.pid:  # The same group of processes.
            ids.append(int(entry.parent.name))
    return b"".join(Path(f"/proc/{number}/environ").read_bytes() for number in ids)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux")
def test_the_public_server_keeps_no_word_of_an_appeal_and_has_no_admin(public_portal):
    browser, process, folder = public_portal
    typed = values(surname=WORD, text=f"{WORD}. Хоҳиш менамоям, ки роҳи деҳаи мо таъмир карда шавад.")
    # Larger than what is otherwise kept in memory.
    attachment = b"%PDF-1.4 " + WORD.encode() + b" " * (4 * 2**20)
    page = browser.get("/tg/appeals/write/")
    page = browser.post("/tg/appeals/write/", page, typed, {"attachments": ("report.pdf", attachment)})
    answer = captcha(folder / "data", page)
    page = browser.post("/tg/appeals/check/", page, answer | {"send": "1"}, {"signature": ("s.png", picture().read())})
    assert re.search(r'id="number">\d{4}-000001<', page), html.unescape(re.sub("<[^>]+>", " ", page))
    code = re.search(r'id="code">([^<]+)', page)[1]

    kept = everything(folder)
    assert "data/portal.sqlite3" in kept
    secrets = {"a word of the appeal": WORD.encode(), "the code": code.encode(), "the key": PRIVATE.encode()}
    # As text may also be stored: escaped in JSON, or by UTF-16.
    secrets |= {"escaped": b"\\u041d\\u0438\\u0448\\u043e\\u043d", "in UTF-16": WORD.encode("utf-16-le")}
    found = [
        f"{what} in {name}" for name, content in kept.items() for what, bytes_ in secrets.items() if bytes_ in content
    ]
    assert found == []
    assert not any(bytes_ in environment_and_memory_map(process) for bytes_ in secrets.values())
    for path in ("/admin/", "/admin/login/", "/admin/appeals/appeal/"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            browser.get(path)
        assert refused.value.code == 404
    # The office opens it: the data key was sealed to its public half.
    with sqlite3.connect(folder / "data/portal.sqlite3") as database:
        sealed, box = database.execute("SELECT sealed_key, box FROM appeals_appeal").fetchone()
    assert b"\\u041d" in vault.decrypt(vault.unseal(sealed, [PRIVATE]), box)


def check(**environ: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": os.environ.get("PORTAL_DATA_DIR", "/nonexistent")} | environ,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_a_public_server_refuses_the_office_s_key():
    said = check(PORTAL_ROLE="public", OFFICE_KEY=PRIVATE, OFFICE_PUBLIC_KEY=PUBLIC)
    assert "PORTAL_ROLE=public must not be given OFFICE_KEY" in said


def test_a_public_server_needs_the_public_half():
    assert "needs OFFICE_PUBLIC_KEY" in check(PORTAL_ROLE="public")


@pytest.mark.parametrize("key", ["short", "z" * 64, "3f" * 33])
def test_a_key_that_is_none_is_named(key):
    assert "OFFICE_KEY must be 64 hexadecimal digits" in check(OFFICE_KEY=key)
