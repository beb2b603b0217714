"""The CAPTCHA spoken: six digits, one by one and slowly, in the page's language, over a murmur.

espeak-ng speaks. It has no Tajik voice: Tajik numerals are given to the Persian one in phonemes, since the two
languages share their sounds and differ in spelling. Pitch, pace, pauses and noise come from the system's random
source; the murmur is made of spoken digits turned round, so that it has the sound of speech and says nothing.
"""

import array
import io
import secrets
import shutil
import subprocess
import wave

_random = secrets.SystemRandom()

PROGRAM = "espeak-ng"
VOICES = {"tg": "fa", "ru": "ru", "en": "en-gb"}
WORDS = {
    "tg": "[[s'ifr]] [[j'ak]] [[d'u]] [[s'e]] [[tS'or]] [[p'andZ]] [[S'aS]] [[h'aft]] [[h'aSt]] [[n'uh]]".split(),
    "ru": "ноль один два три четыре пять шесть семь восемь девять".split(),
    "en": "zero one two three four five six seven eight nine".split(),
}
RATE = 22050  # what espeak-ng gives; half of it is kept, the quality of a telephone
LIMIT = 10  # seconds for one word: it takes some hundredths


class Unavailable(Exception):
    """The sound cannot be made on this machine."""


def offered() -> bool:
    return shutil.which(PROGRAM) is not None


def speak(challenge: str, language: str) -> bytes:
    """The digits of ``challenge`` as a WAV file. Raises ``Unavailable``."""
    samples = _silence(0.5)
    for digit in challenge:
        samples += _say(digit, language) + _silence(_random.uniform(0.45, 0.85))
    murmur = _say("".join(_random.choice("0123456789") for _ in range(8)), language)[::-1]
    murmur *= len(samples) // len(murmur) + 1
    return _wav(_mix(samples, murmur))


def _say(digits: str, language: str) -> array.array:
    """Spoken digits. They are passed by the standard input: who lists the processes does not see them."""
    voice = f"{VOICES[language]}+{_random.choice(('m1', 'm3', 'm7', 'f2', 'f4'))}"
    command = [PROGRAM, "-v", voice, "-s", str(_random.randrange(105, 135)), "-p", str(_random.randrange(30, 70))]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and numbers only
            [*command, "--stdin", "--stdout"],
            input=" ".join(WORDS[language][int(digit)] for digit in digits).encode(),
            capture_output=True,
            timeout=LIMIT,
            check=True,
        )
        with wave.open(io.BytesIO(_with_length(done.stdout))) as file:
            samples = array.array("h", file.readframes(file.getnframes()))
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError, ValueError) as error:
        raise Unavailable from error
    if not samples:
        raise Unavailable
    return samples


def _with_length(wav: bytes) -> bytes:
    """espeak-ng writes to a pipe before it knows the length; put it in."""
    size = max(0, len(wav) - 44)
    return wav[:40] + size.to_bytes(4, "little") + wav[44:]


def _silence(seconds: float) -> array.array:
    return array.array("h", bytes(2 * int(seconds * RATE)))


def _mix(samples: array.array, murmur: array.array) -> bytes:
    """Speech, murmur and noise together, at half the rate, 8 bits to a sample."""
    loud = max(map(abs, samples)) or 1
    speech, behind = 90 / loud / 2, _random.uniform(13, 17) / loud / 2
    noise = secrets.token_bytes(len(samples) // 2)
    depth = _random.uniform(0.05, 0.08)
    mixed = bytearray(len(noise))
    for place, random_byte in enumerate(noise):
        near, far = 2 * place, 2 * place + 1
        value = (samples[near] + samples[far]) * speech + (murmur[near] + murmur[far]) * behind
        mixed[place] = min(255, max(0, round(128 + value + (random_byte - 128) * depth)))
    return bytes(mixed)


def _wav(samples: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(RATE // 2)
        out.writeframes(samples)
    return file.getvalue()
