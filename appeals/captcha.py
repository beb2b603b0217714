"""The CAPTCHA's challenge and picture, both from the system's random source.

django-simple-captcha seeds Python's generator with the public key that stands in the picture's address, so
nothing here may use that generator, and nothing of the library draws.

What stops a machine and not an eye: two patches in which ink and paper change places, so that no threshold
gives whole digits, and digits that are turned and bent each in its own way, with a thin curve through them.
"""

import io
import math
import secrets
from functools import cache
from pathlib import Path

from captcha.models import CaptchaStore
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from PIL import Image, ImageChops, ImageDraw, ImageFont

_random = secrets.SystemRandom()

LENGTH = 6
# Without 1, 6 and 8: bent and crossed they were taken for 2 or 7, 5 and 3, and spoken six and eight are alike.
DIGITS = "0234579"
WIDTH, HEIGHT = 300, 100
INK, PAPER = (20, 33, 42), (255, 255, 255)
SCALE = 2  # Drawn larger, then made smaller: edges are smooth.
FONT = "portal-sans-600.ttf"
LEVELS = 8  # shades between ink and paper: enough for smooth edges, few enough for a small file


def digits() -> tuple[str, str]:
    """Six digits: they are the same on a Tajik, a Russian and a Latin keyboard."""
    challenge = "".join(_random.choice(DIGITS) for _ in range(LENGTH))
    return challenge, challenge


class Unavailable(Exception):
    """The CAPTCHA's table or the cache of its pictures does not work."""


def new() -> str:
    """Make a challenge and draw its picture, once: many drawings of it could be averaged. Returns its key.

    Raises ``Unavailable``; a transaction that is open stays usable.
    """
    try:
        with transaction.atomic():
            key = CaptchaStore.generate_key()
            challenge = CaptchaStore.objects.get(hashkey=key).challenge
        caches["captcha"].set(f"picture:{key}", draw(challenge))
        kept = picture(key)
    except Exception as error:  # Each cache fails with errors of its own.
        raise Unavailable from error
    if kept is None:
        raise Unavailable
    return key


def picture(key: str) -> bytes | None:
    """The picture as it was drawn; None if it is no more."""
    return caches["captcha"].get(f"picture:{key}")


def draw(challenge: str) -> bytes:
    """The picture of ``challenge``, a PNG; no two drawings are alike."""
    size = WIDTH * SCALE, HEIGHT * SCALE
    mask = Image.new("L", size)
    step = (size[0] - 24 * SCALE) / len(challenge)
    for place, digit in enumerate(challenge):
        glyph = _glyph(digit)
        x = 12 * SCALE + step * (place + 0.5) - glyph.width / 2 + _random.uniform(-2, 2) * SCALE
        y = (size[1] - glyph.height) / 2 + _random.uniform(-8, 8) * SCALE
        layer = Image.new("L", size)
        layer.paste(glyph, (round(x), round(y)))
        mask = ImageChops.lighter(mask, layer)
    mask = _bend(mask)
    mask = _difference(mask, _curve(size))
    for middle in (0.2, 0.8):
        mask = _difference(mask, _patch(size, (middle + _random.uniform(-0.14, 0.14)) * size[0]))
    return _png(mask.resize((WIDTH, HEIGHT), Image.Resampling.BOX))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(settings.BASE_DIR) / "portal" / "fonts" / FONT, size)


def _glyph(digit: str) -> Image.Image:
    """One digit, white on black: its own size, slant and turn."""
    font = _font(_random.randrange(58, 66) * SCALE)
    left, top, right, bottom = font.getbbox(digit)
    room = 12 * SCALE
    image = Image.new("L", (round(right - left) + 2 * room, round(bottom - top) + 2 * room))
    ImageDraw.Draw(image).text((room - left, room - top), digit, font=font, fill=255)
    slant = _random.uniform(-0.15, 0.15)
    shear = (1, slant, -slant * image.height / 2, 0, 1, 0)
    image = image.transform(image.size, Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR)
    image = image.rotate(_random.uniform(-12, 12), Image.Resampling.BILINEAR, expand=True)
    return image.crop(image.getbbox())


def _bend(image: Image.Image) -> Image.Image:
    """Bend the whole along sine waves of random length, height and phase, in squares of a mesh."""
    across = _random.uniform(2, 3.5) * SCALE, _random.uniform(40, 70) * SCALE, _random.uniform(0, math.tau)
    down = _random.uniform(4, 7) * SCALE, _random.uniform(60, 110) * SCALE, _random.uniform(0, math.tau)
    side = 8 * SCALE

    def source(x: float, y: float) -> tuple[float, float]:
        return (
            x + across[0] * math.sin(math.tau * y / across[1] + across[2]),
            y + down[0] * math.sin(math.tau * x / down[1] + down[2]),
        )

    mesh = [
        (
            (x, y, x + side, y + side),
            (*source(x, y), *source(x, y + side), *source(x + side, y + side), *source(x + side, y)),
        )
        for x in range(0, image.width, side)
        for y in range(0, image.height, side)
    ]
    return image.transform(image.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _difference(mask: Image.Image, other: Image.Image) -> Image.Image:
    """Where ``other`` is, ink becomes paper and paper ink."""
    return ImageChops.difference(mask, other)


def _curve(size: tuple[int, int]) -> Image.Image:
    """A thin curve from side to side."""
    width, height = size
    image = Image.new("L", size)
    middle, swing = _random.uniform(height * 0.35, height * 0.65), _random.uniform(height * 0.12, height * 0.3)
    length, phase = _random.uniform(width * 0.45, width * 1.1), _random.uniform(0, math.tau)
    points = [(x, middle + swing * math.sin(math.tau * x / length + phase)) for x in range(-8, width + 9, 8)]
    ImageDraw.Draw(image).line(points, fill=255, width=2 * SCALE, joint="curve")
    return image


def _patch(size: tuple[int, int], x: float) -> Image.Image:
    """A large shape with a wavy edge, its middle at ``x``."""
    image, height = Image.new("L", size), size[1]
    y = height * _random.choice((_random.uniform(0, 0.25), _random.uniform(0.75, 1)))
    radius, lobes = _random.uniform(height * 0.65, height * 0.85), _random.choice((2, 3))
    phase, depth = _random.uniform(0, math.tau), _random.uniform(0.1, 0.2)
    points = []
    for step in range(72):
        angle = math.tau * step / 72
        reach = radius * (1 + depth * math.sin(lobes * angle + phase))
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    ImageDraw.Draw(image).polygon(points, fill=255)
    return image


def _png(mask: Image.Image) -> bytes:
    shades = [
        round(PAPER[band] + (INK[band] - PAPER[band]) * level / (LEVELS - 1))
        for level in range(LEVELS)
        for band in range(3)
    ]
    image = mask.point([value * (LEVELS - 1) // 255 for value in range(256)]).convert("P")
    image.putpalette(shades)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True, bits=3)
    return file.getvalue()
