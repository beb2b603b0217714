"""Where a line must not break, by language: tables for ``portal.typography``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_CAPITAL = "[А-ЯЁҒӢҚӮҲҶA-Z]"
_OPENING, _CLOSING = "([«„“‘\"'", ")]»“”’\"',.;:!?…"
_MONTHS = "January February March April May June July August September October November December"
_UNITS = "МВт ГВт кВт Вт Гц МГц ГГц ГБ МБ КБ МПа MW GW kW W Hz MHz GHz GB MB USD EUR TJS"
_INITIAL = re.compile(rf"{_CAPITAL}\.")
_INITIALS = re.compile(rf"{_CAPITAL}\.(?:{_CAPITAL}\.)?")
_NAME = re.compile(rf"{_CAPITAL}[\w’'-]")
_SURNAME = re.compile(rf"{_CAPITAL}[\w’-]+")
_NOUN = re.compile(r"[a-zа-яёғӣқӯҳҷ]{1,14}(?![\w-])")  # a longer word may stand on the next line
_NO_NOUNS = frozenset("and or of in to for the at on by with from is was are were".split())
_GROUP = re.compile(r"[0-9]{3}(?![0-9])")
_BEFORE_GROUP = re.compile(r"(?:.*[^0-9])?[0-9]{1,3}")
_ROMAN = re.compile(r"[IVXLC]+")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True)
class Rules:
    """The words of one language that stay with a neighbour."""

    short: frozenset[str]  # with the word after them: prepositions, conjunctions, particles
    leaning: frozenset[str]  # with the word before them
    shortened: frozenset[str]  # with the name or number after them; whole, with the full stop
    before_number: frozenset[str]
    amounts: frozenset[str]  # between a number and its noun
    after_number: frozenset[str]  # with a capital letter

    @cached_property
    def words(self) -> frozenset[str]:
        """Words that end in a letter and may stay with what follows."""
        return self.short | self.before_number | {word for word in self.amounts if word.isalpha()}

    def join(self, left: str, right: str, later: str) -> bool:
        """Whether no line may break between ``left`` and ``right``, which ``later`` follows."""
        if not left or not right:
            return False
        if left[0] in _OPENING:
            left = left.lstrip(_OPENING) or "-"
        last = left[-1]
        if right in {"–", "—"}:
            return True
        if last.isalpha():
            return self._after_word(left, right, later)
        if last in "0123456789%‰°":
            return self._after_number(left, right)
        if last == ".":
            return self._after_stop(left, right)
        return last in "№§" and right[0].isdigit()

    def _after_word(self, left: str, right: str, later: str) -> bool:
        small = left.lower()
        if small in self.words:
            return small in self.short or self._before_numeral(small, right)
        if right[0] in "бжлҳн":
            return right.rstrip(_CLOSING) in self.leaning
        if right[1:2] == "." and self._before_initials(left, right, later):
            return True
        return left[-1] in "IVXL" and right.startswith(("век", "в.", "вв.", "cent"))

    def _after_number(self, left: str, right: str) -> bool:
        if _GROUP.match(right):
            return bool(_BEFORE_GROUP.fullmatch(left))
        if right[0] in "%‰°€$" or not left[-1].isdigit():
            return left[-1].isdigit()
        word = right.rstrip(_CLOSING)
        return word in self.after_number or (bool(_NOUN.match(right)) and word not in self.short | _NO_NOUNS)

    def _before_numeral(self, small: str, right: str) -> bool:
        if right[0].isdigit():
            return True
        if small in self.amounts:
            return bool(_NOUN.match(right))
        return bool(_ROMAN.fullmatch(right.rstrip(_CLOSING)))

    def _after_stop(self, left: str, right: str) -> bool:
        if left in self.shortened:
            return bool(_NAME.match(right.lstrip(_OPENING)) or _INITIAL.match(right) or right[0].isdigit())
        if left.lower() in self.amounts:
            return bool(_NOUN.match(right))
        if left == "т.":
            return right[:2] in {"е.", "д.", "п.", "к."}
        return bool(_INITIALS.fullmatch(left) and (_NAME.match(right) or _INITIAL.match(right)))

    def _before_initials(self, left: str, right: str, later: str) -> bool:
        """A surname before two initials: «Айнӣ С. С.»."""
        if not _SURNAME.fullmatch(left):
            return False
        return bool(_INITIAL.match(right) and _INITIAL.match(right[2:] or later))


RULES = {
    "tg": Rules(
        short=_set("аз ба бе бо бар дар ва ё ки то на чун ҳар аммо лек вале"),
        leaning=_set("ҳам низ"),
        shortened=_set("ш. н. к. ҷ. д. в. кӯч. хиёб. ном. дот. проф. акад. мод. саҳ. қ. ғ."),
        before_number=_set("соли солҳои моддаи моддаҳои банди бандҳои асри саҳифаи рақами"),
        amounts=_set("млн млрд трлн ҳазор"),
        after_number=_set(_UNITS),
    ),
    "ru": Rules(
        short=_set("а без в во до для за и из из-за из-под к ко на над не ни но о об обо от по под при про с со у"),
        leaning=_set("бы б же ж ли ль"),
        shortened=_set(
            "г. гг. гор. ул. пр. пос. пгт. д. дер. с. р. обл. им. проф. акад. стр. ст. п. пп. ч. гл. рис. корп. кв."
        ),
        before_number=_set("статья статьи статье статью пункт пункта пункте номер"),
        amounts=_set("млн млрд трлн тыс."),
        after_number=_set(_UNITS),
    ),
    "en": Rules(
        short=_set("i"),
        leaning=frozenset(),
        shortened=_set("Mr. Mrs. Ms. Dr. St. Prof. Gen. No. Nos. Art. Sec. Vol. Fig. Ch. p. pp."),
        before_number=_set(_MONTHS.lower() + " article section"),
        amounts=_set("million billion trillion thousand"),
        after_number=_set(_UNITS + " " + _MONTHS),
    ),
}
