"""Keyed marks by which the office finds encrypted appeals. Knows no model and no request.

A mark is 64 bits of a keyed hash: the same name, telephone or passage gives the same mark, and who has not the office's
key can neither read a mark nor try a guess against it. Names are folded until the spellings of one name meet.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.fold import fold_words, latin_to_cyrillic

from .content import Content
from .people import Person

KEPT = 64  # Marks in a sketch: with them a similarity is estimated within 0.06.
PROBES = 16  # The smallest of them, by which appeals with a like sketch are found.
# From here on two texts count as nearly the same. Measured with thirty texts on five topics: two by different people
# had nothing in common but courtesy; of copies with every fifth word changed 93 of 100 were found, every tenth all.
NEAR = 0.2
FEWEST = 12  # A text of fewer passages says too little to be told from others.
PASSAGE = 3  # Words in a passage.
FEWEST_DIGITS = 7

_NUMBER = re.compile(r"[0-9]{4}-[0-9]{6}")
_DIGITS = re.compile(r"[+(]*[0-9][0-9().+-]*")
_DOUBLED = re.compile(r"(.)\1+")
# What Russian and Tajik write differently in one name: Ахмаджон is Аҳмадҷон, Сыдыков Сидиқов.
_SPELLINGS = (("дж", "ч"), ("дч", "ч"), ("э", "е"), ("ы", "и"), ("ь", ""), ("ъ", ""))
# Legal forms, folded: they are in every name of an organisation and tell none from another.
_LEGAL_FORMS = frozenset("чдм чсп чск о оао зао ао ип нко то гуп муп лк лтд".split())

# Words of courtesy, folded: they frame every letter, and would make short ones alike whatever they say. A frame of 24
# words that are not here makes texts of fewer than 40 words of their own count as near: add its words.
_COURTESY = frozenset(
    """
    мухтарам пешвои миллат эмомали рахмон президенти президент чумхурии точикистон чаноби оли ба аз шумо шуморо ки
    хохиш хохиши калон илтимос менамоям менамоем мекунам мекунем мурочиат кумак ери расонед намоед кунед бо эхтиром
    барои халли ин масъала мусоидат пешаки миннатдорам миннатдорем ташаккур салом ассалому алайкум
    уважаемый господин президента республики таджикистан лидер нации эмомали здравствуйте обращаюсь обращаемся к вам
    прошу просим вас помочь помощи помощь помогите пожалуйста надеюсь надеемся на вашу ваше ваш внимание содействие
    решить решении вопрос вопроса этого заранее благодарю благодарен благодарна благодарим спасибо с уважением
    """.split()
)


@dataclass(frozen=True)
class Marks:
    """The marks of one appeal."""

    names: frozenset[int]  # Surnames, and words of organisations' names.
    people: frozenset[int]  # Surname and name together; an organisation's whole name.
    full: frozenset[int]  # The same with the patronymic.
    phone: int | None
    email: int | None
    author: int | None  # Who writes, among ``people``.
    text: tuple[int, ...]  # The sketch: see ``sketch``.

    @property
    def all(self) -> frozenset[int]:
        """What an appeal is found by."""
        contacts = {mark for mark in (self.phone, self.email) if mark is not None}
        return self.names | self.people | self.full | contacts | frozenset(self.text[:PROBES])


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: appeals with all of the ``numbers`` and all marks of one of ``any_of``."""

    numbers: frozenset[str]
    any_of: tuple[frozenset[int], ...]


class BlindIndex:
    """Makes the marks, with a key that follows from the office's private key (hexadecimal)."""

    def __init__(self, office_key: str) -> None:
        secret = bytes.fromhex(office_key)
        self._key = hashlib.blake2b(secret, digest_size=32, person=b"portal.index.key").digest()

    @property
    def name(self) -> str:
        """Tells this key and these rules from others: what was indexed by others is to be indexed anew."""
        rules = (KEPT, PROBES, FEWEST, PASSAGE, _SPELLINGS, sorted(_LEGAL_FORMS), sorted(_COURTESY))
        return self.mark("rules", repr(rules)).to_bytes(8, signed=True).hex()

    def mark(self, what: str, value: str) -> int:
        """A signed number of 64 bits; ``what`` keeps a surname apart from an equal word elsewhere."""
        made = hashlib.blake2b(f"{what}\0{value}".encode(), digest_size=8, key=self._key).digest()
        return int.from_bytes(made, signed=True)

    def marks(self, content: Content) -> Marks:
        everybody = [self._of(person) for person in (content, *content.further)]
        phone, email = phone_number(content.phone), content.email.strip().casefold()
        return Marks(
            names=frozenset().union(*(names for names, _whole, _full in everybody)),
            people=frozenset(whole for _names, whole, _full in everybody if whole is not None),
            full=frozenset(full for _names, _whole, full in everybody if full is not None),
            phone=self.mark("phone", phone) if phone else None,
            email=self.mark("email", email) if email else None,
            author=everybody[0][1],
            text=self.sketch(content.text),
        )

    def _of(self, person: Person) -> tuple[set[int], int | None, int | None]:
        """Of one person or organisation: the marks of the surname's words, of the whole name, of the full one."""
        if isinstance(person, Content) and person.is_entity:
            words = [word for word in name_words(person.entity_name) if word not in _LEGAL_FORMS]
            return self._names(words), self._whole(words, fewest=1), None
        surname = name_words(person.surname)
        named = name_words(f"{person.surname} {person.given_name}")
        full = name_words(person.sender)
        return self._names(surname or named), self._whole(named), self._whole(full) if full != named else None

    def _names(self, words: Iterable[str]) -> set[int]:
        return {self.mark("name", word) for word in words}

    def _whole(self, words: Sequence[str], fewest: int = 2) -> int | None:
        """In whichever order the words stand; one word alone is nobody's whole name."""
        return self.mark("whole", " ".join(sorted(set(words)))) if len(words) >= fewest else None

    def wanted(self, text: str) -> Wanted | None:
        """What ``text`` asks for: numbers, telephones, e-mail addresses, names; all must match. None: nothing."""
        numbers, contacts, digits, rest = set(), set(), "", ""
        for word in text.split():
            if _NUMBER.fullmatch(word):
                numbers.add(word)
            elif "@" in word:
                contacts.add(self.mark("email", word.casefold()))
            elif _DIGITS.fullmatch(word):
                digits += word
            else:
                rest += f" {word}"
        if phone := phone_number(digits):
            contacts.add(self.mark("phone", phone))
        words = name_words(rest if phone else f"{rest} {digits}")
        names = [word for word in words if word not in _LEGAL_FORMS] or words
        if not (numbers or contacts or names):
            return None
        any_of = {frozenset(contacts | self._names(names))}
        whole = self._whole(names)
        if whole is not None:
            any_of.add(frozenset(contacts | {whole}))
        return Wanted(frozenset(numbers), tuple(any_of))

    def sketch(self, text: str) -> tuple[int, ...]:
        """The smallest marks of the text's passages, in order; empty for a text that says too little."""
        words = [word for word in fold_words(text) if word not in _COURTESY]
        passages = {" ".join(words[place : place + PASSAGE]) for place in range(len(words) - PASSAGE + 1)}
        if len(passages) < FEWEST:
            return ()
        return tuple(sorted(self.mark("text", passage) for passage in passages)[:KEPT])


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """How much two texts have in common, 0 to 1: passages in both among all passages, estimated from sketches."""
    smallest = sorted({*one, *other})[:KEPT]
    return len({*one} & {*other} & {*smallest}) / len(smallest) if smallest else 0.0


def words_in_common(alike: float) -> float:
    """About which part of the words is the same in two texts of such a similarity, 0 to 1.

    One changed word changes ``PASSAGE`` passages, and a similarity counts passages of both texts.
    """
    return (2 * alike / (1 + alike)) ** (1 / PASSAGE)


def pack(sketch: Iterable[int]) -> bytes:
    marks = tuple(sketch)
    return struct.pack(f">{len(marks)}q", *marks)


def unpack(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(packed) // 8}q", packed)


def name_words(name: str) -> list[str]:
    """The words of a name in the one spelling that all of its spellings fold to."""
    words: list[str] = []
    for word in fold_words(latin_to_cyrillic(name)):
        for written, meant in _SPELLINGS:
            word = word.replace(written, meant)  # noqa: PLW2901
        word = _DOUBLED.sub(r"\1", word)  # noqa: PLW2901
        if word in {"зода", "заде"} and words:
            words[-1] += "зода"  # Абдулло-зода, Абдулло Зода and Абдуллозода are one surname.
        elif word:
            words.append(word)
    return words


def phone_number(typed: str) -> str:
    """The digits of a telephone number with the country's code (992 where there is none); empty for too few."""
    digits = re.sub(r"[^0-9]", "", typed)
    if len(digits) < FEWEST_DIGITS:
        return ""
    if digits.startswith("00"):
        return digits[2:]
    if len(digits) == 9:
        return f"992{digits}"
    if len(digits) == 10 and digits[0] in "08":
        return f"992{digits[1:]}"
    if len(digits) == 11 and digits[0] == "8":
        return f"7{digits[1:]}"
    return digits
