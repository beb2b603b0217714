"""What a reader typed, as words to look for; pure: knows no database and no request."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.fold import WORD, fold, fold_words, latin_to_cyrillic
from portal.text import transliterate

MAX_QUERY, MAX_WORDS, MAX_WORD = 200, 8, 40
_LATIN_LETTER = re.compile("[a-z]")
_APOSTROPHE = re.compile("(?<=[A-Za-z])['’ʼ‘`ʻ](?=[A-Za-z])")

# Tajik, folded: plural, izafet, object. A word is looked for with each of them.
TAJIK_ENDINGS = ("хоро", "хои", "хо", "ро", "и", "")
# The commonest endings, longest first, for where the database stems nothing and for marking what was found.
_ENDINGS = {
    "ru": (
        "иями ями ами иях ого его ому ему ыми ими ией ией иям ием ах ях ов ев ей ой ый ий ая яя ое ее ые ие ую юю ых "
        "их ом ем ам ям ия ии ию ью а я о е ы и у ю й ь"
    ).split(),
    "en": "ations ation ings ing ions ion ers er ies ied ed es ly e s y".split(),
}
_SHORTEST_STEM = {"tg": 3, "ru": 4, "en": 4}


@dataclass(frozen=True)
class Term:
    """One word of the query: its spellings, folded, the first as it was typed."""

    spellings: tuple[str, ...]
    last: bool = False

    @property
    def unfinished(self) -> bool:
        """The reader may be in the middle of it: it finds longer words too."""
        return self.last and len(self.spellings[0]) > 1


def clean_query(text: str) -> str:
    """One short line without characters that cannot be shown or sent."""
    text = text[: 4 * MAX_QUERY].replace("\u00ad", "")  # copied from a headline: see ``portal.typography``
    text = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text)
    return " ".join(unicodedata.normalize("NFC", text).split())[:MAX_QUERY].rstrip()


def terms(query: str, language: str) -> list[Term]:
    """The words to look for. Operators are nothing but punctuation."""
    query = _APOSTROPHE.sub("", clean_query(query))
    if language == "en":
        query = transliterate(query)
    words = list(dict.fromkeys(word[:MAX_WORD] for word in fold_words(query)))[:MAX_WORDS]
    return [Term(_spellings(word, language), last=number == len(words)) for number, word in enumerate(words, 1)]


def _spellings(word: str, language: str) -> tuple[str, ...]:
    if language == "en" or not _LATIN_LETTER.search(word):
        return (word,)
    return tuple(dict.fromkeys((word, latin_to_cyrillic(word, language))))


def tajik_forms(word: str) -> tuple[str, ...]:
    """``word`` and its other common forms: китобҳо finds «китоб», «китоби», «китобҳоро»."""
    ending = next(ending for ending in TAJIK_ENDINGS if word.endswith(ending))
    stem = word.removesuffix(ending) if len(word) - len(ending) >= _SHORTEST_STEM["tg"] else word
    return tuple(dict.fromkeys((word, *(stem + ending for ending in TAJIK_ENDINGS))))


def stem(word: str, language: str) -> str:
    """``word`` without a common ending; never so short that it begins everything."""
    if language == "tg":
        return min(tajik_forms(word), key=len)
    for ending in _ENDINGS[language]:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM[language]:
            return word.removesuffix(ending)
    return word


def suggestion(query: str, language: str, titles: Iterable[str]) -> str:
    """``query`` with each word that no title has replaced by the word most like it; empty if there is none."""
    vocabulary: dict[str, str] = {}
    for title in titles:
        for word in WORD.finditer(fold(title)):
            vocabulary.setdefault(word[0], title[slice(*word.span())])
    better, changed = [], False
    for term in terms(query, language):
        known = tuple(stem(spelling, language) for spelling in term.spellings)
        is_known = any(word.startswith(known) for word in vocabulary)
        like = None if is_known else _most_like(term.spellings[-1], vocabulary)
        better.append(vocabulary[like].lower() if like else term.spellings[0])
        changed |= like is not None
    return " ".join(better) if changed else ""


def _pairs(word: str) -> frozenset[str]:
    return frozenset(first + second for first, second in zip(f" {word}", f"{word} ", strict=True))


def _most_like(word: str, vocabulary: Iterable[str]) -> str | None:
    """The word with the most in common: by pairs of letters first, which is cheap, then letter by letter."""
    if len(word) < 4:
        return None
    wanted, shared = _pairs(word), {}
    for other in vocabulary:
        if len(other) > 3 and abs(len(other) - len(word)) < 3:
            pairs = _pairs(other)
            shared[other] = len(wanted & pairs) / len(wanted | pairs)
    likely = sorted(shared, key=shared.__getitem__, reverse=True)[:10]
    ratio, best = max(((SequenceMatcher(None, word, other).ratio(), other) for other in likely), default=(0, None))
    return best if ratio >= (0.72 if len(word) > 5 else 0.8) else None
