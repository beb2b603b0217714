"""The catalogue: every page that a person can meet, and the way to it.

A way is a generator. It walks with a ``Visitor`` and yields the name of each page on which it stands; the catalogue
says for each name which template that is and with which status it comes. ``pages_of`` walks one and proves the
status; ``reach`` stops at one page. The ways to pages that take more than an address are in modules of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.browser.visitor import Visitor

Walk = Callable[[Visitor], Iterator[str]]


@dataclass(frozen=True)
class Stop:
    """A page on a way."""

    template: str
    status: int = 200


@dataclass(frozen=True)
class Way:
    """Its pages by their names. ``who`` walks it: nobody in particular, or somebody of the staff by login."""

    walk: Walk
    stops: dict[str, Stop] = field(default_factory=dict)
    is_office: bool = False
    needs_content: bool = True


def straight(name: str, template: str, path: str, status: int = 200, who: str = "", needs_content: bool = True) -> Way:
    """The way to a page that has an address: somebody opens it, of the staff if ``who`` says so."""

    def walk(visitor: Visitor) -> Iterator[str]:
        if who:
            visitor.sign_in(who)
        visitor.go(path)
        yield name

    return Way(walk, {name: Stop(template, status)}, is_office=bool(who), needs_content=needs_content)


def pages_of(way: Way, visitor: Visitor) -> Iterator[str]:
    """Walk a way; each page is the one that the catalogue names, as far as its status tells."""
    seen = set()
    for name in way.walk(visitor):
        status = visitor.document.status if visitor.document else 0
        assert status == way.stops[name].status, f"{name}: {visitor.page.url} answers with {status}"
        seen.add(name)
        yield name
    assert seen == set(way.stops), f"the way does not come to {sorted(set(way.stops) - seen)}"


def reach(name: str, visitor: Visitor) -> None:
    """Walk until the page of this name is open."""
    way = next(way for way in catalogue() if name in way.stops)
    next(page for page in pages_of(way, visitor) if page == name)


def catalogue() -> list[Way]:
    from tests.browser import ways_appeals, ways_news, ways_office

    return [*ways_news.WAYS, *ways_appeals.WAYS, *ways_office.WAYS]
