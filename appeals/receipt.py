"""What the citizen is left with: the tracking code, and the digest of what was sent."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping

# Crockford's alphabet: no I, L, O, U, so that a code can be read aloud and typed back.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # pragma: allowlist secret - the letters, no code
_LENGTH = 16  # 80 bits


def new_code() -> str:
    """A tracking code of 80 random bits with a check character: ``7KQ2-M0XV-9T4D-AB3C-Y``."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    groups = [letters[start : start + 4] for start in range(0, _LENGTH, 4)]
    return "-".join([*groups, _check(letters)])


def _check(letters: str) -> str:
    """Finds every single wrong character, and nearly every swap of two neighbours: the weights are odd and differ."""
    total = sum((2 * place + 1) * ALPHABET.index(letter) for place, letter in enumerate(letters))
    return ALPHABET[total % len(ALPHABET)]


def normalise(code: str) -> str | None:
    """The code as stored, from what a person typed; None if it cannot be one."""
    letters = code.upper().translate(str.maketrans("OIL", "011", " -"))
    if len(letters) != _LENGTH + 1 or any(letter not in ALPHABET for letter in letters):
        return None
    return letters if _check(letters[:-1]) == letters[-1] else None


def code_hash(code: str, number: str) -> str:
    """What is stored instead of the code of appeal ``number``: 80 random bits need no slow hash.

    With the number in it a guess is tried against one appeal, not against all at once. The empty number stands for
    appeals from before it was so.
    """
    return hashlib.sha256(f"{normalise(code) or ''}{number and '/'}{number}".encode()).hexdigest()


def digest(content: Mapping[str, object], files: Iterable[bytes]) -> str:
    """SHA-256, hexadecimal, over the content as canonical JSON and the files' own digests, in order."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    total = hashlib.sha256(canonical.encode())
    for file in files:
        total.update(hashlib.sha256(file).digest())
    return total.hexdigest()
