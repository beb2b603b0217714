"""The drill: citizens write, a backup is made, everything is destroyed and put back; every case opens again.

``python -m tests.deploy.drill take FILE COUNT`` and ``… look FILE`` are its two ends, each in a process of its own,
on whatever database and data folder the environment names.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

from tests.deploy.alone import set_up


def take(note: Path, count: int) -> None:
    """``count`` citizens write, each with a file of their own; ``note`` keeps what is needed to look again."""
    from django.contrib.auth.models import Group, User
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.test import Client

    from appeals.models import Appeal, AppealFile
    from tests.appeals.citizen import Citizen, values

    User.objects.create_user("officer", password="Correct-Horse-9", is_staff=True).groups.add(
        Group.objects.get(name="Appeals officer")
    )
    cases = []
    for turn in range(count):
        content = b"%PDF-1.7\n" + os.urandom(20_000 + turn)
        attached = ContentFile(content, "Ҳуҷҷат.pdf")
        citizen = Citizen(client=Client(REMOTE_ADDR=address(turn)))
        assert citizen.client.post(citizen.url("write/files/"), {"upload_id": f"{turn:032x}", "file": attached}).json()
        number, code = citizen.appeal(values(text=f"Роҳи деҳаи рақами {turn} таъмир карда шавад."))
        appeal = Appeal.objects.get(number=number)
        file = AppealFile.objects.filter(appeal=appeal).order_by("pk").first()
        cases.append([number, code, f"/admin/appeals/appeal/{appeal.pk}/files/{file.pk}/", digest(content)])
    photo = default_storage.save("drill/Сурат.bin", ContentFile(os.urandom(3 * 2**20 + 1)))
    note.write_text(json.dumps({"cases": cases, "photo": [photo, digest(default_storage.open(photo).read())]}))


def look(note: Path) -> None:
    """Every case opens with its code, and every file is the one that was sent."""
    from django.contrib.auth.models import User
    from django.core.files.storage import default_storage
    from django.test import Client

    from tests.appeals.follower import Follower

    noted = json.loads(note.read_text())
    office = Client()
    office.force_login(User.objects.get(username="officer"))
    for turn, (number, code, file, sent) in enumerate(noted["cases"]):
        follower = Follower(number, code)
        follower.client.defaults["REMOTE_ADDR"] = address(turn)
        assert follower.open().status_code == 302, f"{number} does not open with its code."
        assert number in follower.page()
        response = office.get(file)
        assert response.status_code == 200, f"{file}: {response.status_code}"
        assert digest(response.content) == sent, f"The file of appeal {turn} is another one."
    photo, kept = noted["photo"]
    assert digest(default_storage.open(photo).read()) == kept
    print(f"{len(noted['cases'])} cases opened.")


def address(turn: int) -> str:
    """Each citizen comes from a network of their own."""
    return f"10.{turn // 250}.{turn % 250}.7"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(what: str, note: str, count: str = "50") -> None:
    set_up()
    from appeals import gate

    gate.HASTE = 0
    if what == "take":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        take(Path(note), int(count))
    else:
        look(Path(note))


if __name__ == "__main__":
    main(*sys.argv[1:])
