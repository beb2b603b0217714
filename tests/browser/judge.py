"""What is wrong with a page that is open: by axe, by its width, and by what the browser complains of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ENHANCED, AAA = "color-contrast-enhanced", "contrast AAA"  # More than we promise, and told apart.
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
HEIGHT = 900
# The words across a preview are a mark laid over it, faint and hidden from readers: no text to be read.
ASK = """async ({ rules, enhanced }) => (await axe.run({ exclude: [".preview-mark"] }, {
    runOnly: { type: "tag", values: rules }, rules: { [enhanced.id]: { enabled: enhanced.wanted } },
    resultTypes: ["violations"],
  })).violations.map(({ id, help, nodes }) => ({
    rule: id, help, where: nodes.map(node => `${node.target.join(" ")} ${node.failureSummary.replace(/\\s+/g, " ")}`),
  }))"""
WIDER = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return "";
  const over = [...document.body.querySelectorAll("*")].filter(one => one.getBoundingClientRect().right > wide + 1);
  const name = one => one.tagName.toLowerCase() + (one.id ? `#${one.id}` : "") + [...one.classList].map(c => `.${c}`).join("");
  return `${document.documentElement.scrollWidth} px: ` + over.slice(-3).map(name).join(", ");
}"""


@dataclass(frozen=True)
class Fault:
    """``kind`` is one of axe, contrast AAA, overflow, console, HTML."""

    kind: str
    page: str
    view: str
    rule: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.page} ({self.view}): {self.rule} {self.where}".rstrip()


# What somebody typed comes back as it was typed, and a field for a date says that it is none.
TYPED = re.compile(r'The specified value ".*" does not conform to the required format')
# axe takes the bare canvas for white; in the dark scheme it is not.
NAME_THE_CANVAS = """() => {
  const root = document.documentElement, bare = "rgba(0, 0, 0, 0)";
  const isBare = one => getComputedStyle(one).backgroundColor === bare;
  if (isBare(root) && isBare(document.body)) root.style.backgroundColor = "Canvas";
}"""


@contextmanager
def complaints_of(page: Page) -> Iterator[list[str]]:
    """What the browser says against the pages in its console: each breach of the policy, each fault of a script."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # That a page came with the status of an error is no complaint about the page.
        address = str(message.location.get("url", ""))
        of_page = message.text.startswith("Failed to load resource") and address.split("#")[0] == page.url.split("#")[0]
        blocked = message.text.startswith("Service Worker registration blocked")  # By portal.visit, on purpose.
        if message.type in {"error", "warning"} and not of_page and not blocked and not TYPED.match(message.text):
            said.append(f"{message.text} {address}")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said


def look(
    page: Page,
    name: str,
    language: str,
    widths: Iterable[int] = WIDTHS,
    schemes: Iterable[str] = SCHEMES,
    enhanced: bool = False,
) -> list[Fault]:
    """Judge the open page in each width and scheme, which are changed in place; ``enhanced``: by contrast AAA too."""
    page.evaluate(NAME_THE_CANVAS)
    page.evaluate(AXE_SCRIPT)  # By the debugger's own way: the page's policy lets no foreign script in.
    faults: list[Fault] = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.evaluate("document.getAnimations().forEach(animation => animation.finish())")
            view = f"{language}, {width} px, {scheme}"
            if wider := page.evaluate(WIDER):
                faults.append(Fault("overflow", name, view, "wider than the screen", wider))
            faults += _axe(page, name, view, enhanced)
    return faults


def _axe(page: Page, name: str, view: str, enhanced: bool) -> list[Fault]:
    asked: dict[str, Any] = {"rules": RULES, "enhanced": {"id": ENHANCED, "wanted": enhanced}}
    found = page.evaluate(ASK, asked)
    return [
        Fault(AAA if one["rule"] == ENHANCED else "axe", name, view, f"{one['rule']}: {one['help']}", where)
        for one in found
        for where in one["where"]
    ]
