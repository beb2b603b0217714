#!/usr/bin/env python3
"""Write the web server's configuration for one site: ``deploy/render.py VALUES FOLDER``.

Every ``@NAME@`` in the files of ``deploy/nginx`` is replaced by the value of the line ``NAME=value`` in VALUES
(``deploy/site.values`` is an example). A name that has no value, and a value that nothing asks for, stop it.
"""

import re
import sys
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent / "nginx"
_NAME = re.compile(r"@([A-Z][A-Z0-9_]*)@")
# What would end or open something in nginx's language.
_HARMFUL = re.compile(r"[;{}'\"$\s]")


def read_values(text: str) -> dict[str, str]:
    """The lines ``NAME=value``; a ``#`` at the start of a line makes it a comment."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    values = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    for name, value in values.items():
        if _HARMFUL.search(value):
            raise SystemExit(f"{name}: {value!r} cannot stand in the configuration.")
    return values


def render(values: dict[str, str], folder: Path) -> None:
    asked = set()
    for template in sorted(TEMPLATES.rglob("*.conf")):
        text = template.read_text(encoding="utf-8")
        asked |= set(names := _NAME.findall(text))
        if missing := sorted(set(names) - set(values)):
            raise SystemExit(f"{template.name}: no value for {', '.join(missing)}.")
        target = folder / template.relative_to(TEMPLATES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_NAME.sub(lambda found: values[found[1]], text), encoding="utf-8")
    if unknown := sorted(set(values) - asked):
        raise SystemExit(f"Nothing asks for {', '.join(unknown)}.")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    render(read_values(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2]))
