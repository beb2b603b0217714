"""Reading one object of a line of the exchange format: every value of the expected kind, and no name unknown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError

from portal.fields import LineField, LinesField

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# The longest real text, a yearly address to the parliament, takes 0.1 MB.
MAX_LINE = 10 * 2**20
# Years that both databases and every calendar page can hold, whatever the time zone.
YEARS = range(1000, 9999)
_MISSING = object()


class Refused(ValueError):
    """A line that cannot be taken in; the text says why, for the person who moves the archive."""


def parse(line: bytes | str) -> object:
    """What a line of JSON holds. Raises ``Refused``."""
    if len(line) > MAX_LINE:
        raise Refused("the line is longer than 10 MB")
    try:
        text = line.decode() if isinstance(line, bytes) else line
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise Refused("the line is not UTF-8") from None
    except RecursionError:
        raise Refused("the line is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise Refused(f"the line is no JSON: {error.msg} at character {error.colno}") from None
    except Refused:
        raise
    except ValueError:
        raise Refused("the line holds a number that is too long") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise Refused("a field stands twice in one object")
    return made


def _no_number(text: str) -> None:
    raise Refused(f"{text} is no number")


class Part:
    """An object of the line; ``where`` says which, in messages. Each method takes one name out of it."""

    def __init__(self, data: object, where: str = "") -> None:
        if not isinstance(data, dict):
            raise Refused(f"{where or 'the line'} must be an object in braces")
        self._left, self._where = dict(data), where

    def refuse(self, name: str, reason: str) -> Refused:
        return Refused(f"{self._where}{' ' if self._where else ''}{name}: {reason}")

    def take(self, name: str, kind: type, expected: str, default: Any = _MISSING) -> Any:
        """The value of ``name`` if it is of ``kind``; ``default`` if it is absent or null."""
        value = self._left.pop(name, None)
        if value is None:
            if default is _MISSING:
                raise self.refuse(name, "is missing")
            return default
        # In Python true is a number; in the format it is not.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.refuse(name, f"must be {expected}")
        return value

    def text(self, name: str, limit: int | None = None, *, lines: bool = False, required: bool = False) -> str:
        """A text as the desk's forms take it in: in one encoding, spaces put right, at most ``limit`` characters."""
        given = self.take(name, str, "a text", "")
        field = (LinesField if lines else LineField)(required=required, max_length=limit)
        try:
            return str(field.clean(given))
        except ValidationError as error:
            raise self.refuse(name, " ".join(error.messages)) from None

    def matching(self, name: str, pattern: re.Pattern[str], expected: str, default: Any = _MISSING) -> str:
        value = self.take(name, str, expected, default)
        if value != default and not pattern.fullmatch(value):
            raise self.refuse(name, f"must be {expected}")
        return str(value)

    def moment(self, name: str, *, required: bool = False) -> datetime | None:
        """A moment in ISO form; without an offset it is Dushanbe time."""
        given = self.take(name, str, "a date and time as 2022-01-10 13:45", _MISSING if required else None)
        if given is None:
            return None
        try:
            moment = datetime.fromisoformat(given)
        except ValueError:
            raise self.refuse(name, "is no date and time as 2022-01-10 13:45") from None
        if moment.year not in YEARS:
            raise self.refuse(name, "is in a year that cannot be")
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))

    def number(self, name: str, least: int, most: int, default: int | None = None) -> int | None:
        value = self.take(name, int, "a whole number", default)
        if value is not None and not least <= value <= most:
            raise self.refuse(name, f"must be from {least} to {most}")
        return value

    def flag(self, name: str) -> bool:
        return bool(self.take(name, bool, "true or false", False))

    def each(self, name: str, read: Callable[[object, str], Any]) -> tuple[Any, ...]:
        """What ``read(value, where)`` makes of every value of a list."""
        given = self.take(name, list, "a list", [])
        return tuple(read(value, f"{name} {number}") for number, value in enumerate(given, 1))

    def by_language(self, name: str, read: Callable[[object, str], Any]) -> dict[str, Any]:
        """What ``read(value, where)`` makes of every language's value; the order is that of the site's languages."""
        given = self.take(name, dict, "an object with the languages tg, ru and en", {})
        unknown = [code for code in given if code not in LANGUAGES]
        if unknown:
            raise self.refuse(name, f"there is no language {shown(unknown[0])}")
        return {code: read(given[code], f"{name} {code}") for code in LANGUAGES if given.get(code) is not None}

    def texts(self, name: str, limit: int) -> dict[str, str]:
        """One line for each language that has it."""
        texts = self.by_language(name, lambda value, where: Part({"text": value}, where).text("text", limit))
        return {code: text for code, text in texts.items() if text}

    def done(self) -> None:
        """Refuse what was not asked for: a misspelt name would lose its value without a word."""
        if self._left:
            raise self.refuse(shown(next(iter(self._left))), "there is no such field")


def shown(value: object) -> str:
    """A value from the file as it may stand in a message: short, and without anything that moves a terminal."""
    return ascii(value) if not str(value).isprintable() else repr(str(value)[:80])
