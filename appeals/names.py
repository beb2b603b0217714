"""Tells from typed text whether a name is full, partial or missing; names are never judged by taste.

Article 21 asks for "surname, name and patronymic of the individual" or "the full name of the legal entity".
Only evident junk counts as nothing. Script, capitals, length, endings and the spelling of Tajik letters
(ғ or г, legacy look-alikes such as ў or њ) do not matter, and the order of the parts is never guessed.
"""

import re
import unicodedata

from appeals.article21 import Name

_APOSTROPHES = "'’ʼ‘`´ʻ"
_HYPHENS = "-‐‑–"
# The middle dot divides Chinese renderings of foreign names; the joiners shape letters in Persian ones.
_NAME_MARKS = frozenset(_APOSTROPHES + _HYPHENS + ". ·\u200c\u200d")
_JOINERS = "\u200c\u200d"

# Both sides of a comparison are folded, so that no keyboard or old font changes the answer.
_FOLD = str.maketrans(
    {
        **dict(zip("ғӣқӯҳҷёѓўќњљї", "гикухчегукхчи", strict=True)),
        **dict.fromkeys("ъь" + _APOSTROPHES, ""),
    }
)

# No word here may be a real name: Tester, Неизвестный, Anon, Null and Насаб are, and are therefore absent.
_STOCK_WORDS = """
    аноним анонима анонимно анонимный анонимная анонимов анонимович беном номалум ношинос хечкас
    никто инкогнито неизвестно неуказано неуказан неуказана безимени безфамилии безотчества нетимени имярек
    фамилия отчество тест тестовый тестовая
    anonim anonimno anonym anonyme anonymous anonymously anonymus benom nomalum noname nobody unknown
    incognito test tst firstname lastname surname patronymic fullname yourname username
    qwe qweasd qwertz azerty asd zxc йцу фыв ячс йкук йкуке йкукен фчва фчвап
    مجهول ناشناس بینام 匿名 无名氏 無名氏
"""
_PLACEHOLDERS = frozenset(_STOCK_WORDS.split())
# Said of a patronymic they mean that there is none; elsewhere some of them may be names.
_NO_PATRONYMIC = """
    нет нету отсутствует отсутствие неимею неимеется надорам надорад нест йук none nil
"""
_NO_PATRONYMIC_WORDS = frozenset(_NO_PATRONYMIC.split())

_KEYBOARD_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзх", "фывапролджэ", "ячсмитбю")
_KEYBOARD_RUNS = _KEYBOARD_ROWS + tuple(row[::-1] for row in _KEYBOARD_ROWS)
# Real names which happen to lie side by side on a keyboard (Смит is Smith, Кенг is Keng).
_NAMES_ON_KEYBOARD = frozenset({"wert", "trew", "смит", "тимс", "кенг", "укен", "неку", "орпа"})

# An initial is one letter, or one letter's usual transcription: "Sh.", «Дж.».
_TRANSCRIBED_INITIALS = """
    sh ch zh kh gh ts yu ya yo ye dj dzh sch shch ph th дж дз
"""
_INITIAL_GROUPS = frozenset(_TRANSCRIBED_INITIALS.split())
_BETWEEN_INITIALS = re.compile(rf"[.\s{re.escape(_HYPHENS)}]+")


def clean(text: str) -> str:
    """The text as it is kept: NFC, single spaces, without the invisible characters that pasting brings."""
    visible = (char for char in text if unicodedata.category(char) != "Cf" or char in _JOINERS)
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


def has_forbidden_characters(text: str) -> bool:
    """Whether a name holds anything but letters of any script, apostrophes, hyphens, stops and spaces."""
    return any(char not in _NAME_MARKS and unicodedata.category(char)[0] not in "LM" for char in clean(text))


def is_placeholder(text: str) -> bool:
    """Whether this is evident junk: no letter, a letter three times over, a stock word, a keyboard row."""
    words = _words(text)
    if not words:
        return not _is_lone_letter(clean(text))
    # «А.А.А.» is somebody's initials, not a repeated letter.
    if is_initials(text):
        return False
    return all(map(_is_junk, words)) or _is_junk("".join(words))


def _is_lone_letter(name: str) -> bool:
    """A single letter is taken for a name, also one that folding drops («Ъ»); an apostrophe is none."""
    return len(name) == 1 and unicodedata.category(name) in {"Lu", "Ll", "Lo"}


def is_initials(text: str) -> bool:
    """Whether the text is initials only. Without a full stop one letter is taken for a real name."""
    name = clean(text)
    pieces = [piece for piece in _BETWEEN_INITIALS.split(name) if piece]
    return "." in name and bool(pieces) and all(map(_is_initial, pieces))


def classify_person(
    surname: str,
    given_name: str,
    patronymic: str,
    *,
    no_patronymic: bool = False,
    single_name: bool = False,
) -> Name:
    """How much of "surname, name and patronymic of the individual" is specified.

    no_patronymic: declared to have none. single_name: declared to have one name only, typed in either field,
    which also declares that there is no patronymic. What is typed well counts more than what is declared.
    """
    parts = (surname, given_name, patronymic)
    has_surname, has_given, has_patronymic = (_is_whole(part) for part in parts)
    if "".join(_words(patronymic)) in _NO_PATRONYMIC_WORDS:
        has_patronymic, parts = False, (surname, given_name, "")
    named = (has_surname or has_given) if single_name else (has_surname and has_given)
    if named and has_patronymic:
        return Name.FULL
    if named and (no_patronymic or single_name):
        return Name.FULL_WITHOUT_PATRONYMIC
    return Name.MISSING if all(map(is_placeholder, parts)) else Name.PARTIAL


def classify_entity(name: str) -> Name:
    """Whether "the full name of the legal entity" is specified; digits and quotation marks may be in it."""
    return Name.MISSING if is_placeholder(name) or is_initials(name) else Name.FULL


def _is_whole(part: str) -> bool:
    return not (is_placeholder(part) or is_initials(part) or has_forbidden_characters(part))


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", clean(text)).casefold()
    folded = unicodedata.normalize("NFC", folded).translate(_FOLD)
    # A stress over a vowel is not spelling; the vowel signs of Indic scripts (combining class 0) are.
    letters = [char for char in folded if not unicodedata.combining(char)]
    words = "".join(char if unicodedata.category(char)[0] in "LM" else " " for char in letters).split()
    return [word for word in words if any(map(str.isalpha, word))]


def _is_junk(word: str) -> bool:
    # «тесттест» and "asdasd" are their unit repeated.
    unit = word[: (word + word).find(word, 1)]
    if len(unit) == 1:
        return len(word) >= 3
    if unit in _NAMES_ON_KEYBOARD:
        return False
    on_keyboard = len(unit) >= 4 and any(unit in run for run in _KEYBOARD_RUNS)
    return unit in _PLACEHOLDERS or on_keyboard


def _is_initial(piece: str) -> bool:
    folded = piece.casefold()
    letters = [char for char in folded if unicodedata.category(char)[0] == "L"]
    return len(letters) == 1 or folded in _INITIAL_GROUPS
