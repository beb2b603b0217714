"""The CAPTCHA's challenge and picture, both from the system's random source.

django-simple-captcha seeds Python's generator with the public key that stands in the picture's address, so
nothing here may use that generator, and nothing of the library draws.

What stops a machine and not an eye: two patches in which ink and paper change places, so that no threshold
gives whole digits, and digits that are turned and bent each in its own way, with a thin curve through them.
"""

import io
import math
import secrets
import threading
from functools import cache
from pathlib import Path

from captcha.models import CaptchaStore
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from PIL import Image, ImageChops, ImageDraw, ImageFont

_random = secrets.SystemRandom()
# One at a time in each process: Pillow lets go of Python's lock in each of hundreds of steps, and two who draw
# spend more time on taking it back from each other than on drawing.
_drawing = threading.Lock()

LENGTH = 6
# Without 1, 6 and 8: bent and crossed they were taken for 2 or 7, 5 and 3, and spoken six and eight are alike.
DIGITS = "0234579"
WIDTH, HEIGHT = 300, 100
INK, PAPER = (20, 33, 42), (255, 255, 255)
SCALE = 2  # Drawn larger, then made smaller: edges are smooth.
FONT = "portal-sans-600.ttf"
COMPRESSION = 3  # of 9: a tenth more bytes for a sixth less time of the whole drawing
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
            challenge, response = digits()
            key = CaptchaStore.objects.create(challenge=challenge, response=response).hashkey
        with _drawing:
            drawn = draw(challenge)
        caches["captcha"].set(f"picture:{key}", drawn)
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
        box = (round(x), round(y), round(x) + glyph.width, round(y) + glyph.height)
        mask.paste(ImageChops.lighter(mask.crop(box), glyph), box)
    mask = _bend(mask)
    mask = _difference(mask, _curve(size))
    for middle in (0.2, 0.8):
        mask = _difference(mask, _patch(size, (middle + _random.uniform(-0.14, 0.14)) * size[0]))
    return _png(mask.resize((WIDTH, HEIGHT), Image.Resampling.BOX))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(settings.BASE_DIR) / "portal" / "fonts" / FONT, size)


@cache
def _upright(digit: str, size: int) -> Image.Image:
    """One digit, white on black, with room to be turned."""
    font = _font(size)
    left, top, right, bottom = font.getbbox(digit)
    room = 12 * SCALE
    image = Image.new("L", (round(right - left) + 2 * room, round(bottom - top) + 2 * room))
    ImageDraw.Draw(image).text((room - left, room - top), digit, font=font, fill=255)
    return image


def _glyph(digit: str) -> Image.Image:
    """One digit with its own size, slant and turn."""
    image = _upright(digit, _random.randrange(58, 66) * SCALE)
    slant, turn = _random.uniform(-0.15, 0.15), math.radians(_random.uniform(-12, 12))
    across = math.cos(turn) - slant * math.sin(turn), math.sin(turn) + slant * math.cos(turn)
    down = -math.sin(turn), math.cos(turn)
    # About the middle.
    x, y = image.width / 2, image.height / 2
    shift = x - across[0] * x - across[1] * y, y - down[0] * x - down[1] * y
    matrix = (*across, shift[0], *down, shift[1])
    image = image.transform(image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    return image.crop(image.getbbox())


def _bend(image: Image.Image) -> Image.Image:
    """Bend the whole along sine waves of random length, height and phase, in the parts of a mesh."""
    across = _random.uniform(2, 3.5) * SCALE, _random.uniform(40, 70) * SCALE, _random.uniform(0, math.tau)
    down = _random.uniform(4, 7) * SCALE, _random.uniform(60, 110) * SCALE, _random.uniform(0, math.tau)
    width, height = 15 * SCALE, 10 * SCALE

    columns = range(0, image.width + width, width)
    # Only where there is ink, and as far as it can be bent.
    _left, top, _right, bottom = image.getbbox()
    reach = math.ceil(down[0])
    rows = range(max(0, top - reach), min(image.height, bottom + reach) + height, height)
    to_side = {y: across[0] * math.sin(math.tau * y / across[1] + across[2]) for y in rows}
    to_top = {x: down[0] * math.sin(math.tau * x / down[1] + down[2]) for x in columns}

    def corner(x: int, y: int) -> tuple[float, float]:
        return x + to_side[y], y + to_top[x]

    mesh = [
        (
            (x, y, x + width, y + height),
            (*corner(x, y), *corner(x, y + height), *corner(x + width, y + height), *corner(x + width, y)),
        )
        for x in columns[:-1]
        for y in rows[:-1]
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
    image.save(file, "PNG", compress_level=COMPRESSION, bits=3)
    return file.getvalue()
