"""The CAPTCHA's challenge and drawing, both from the system's random source.

django-simple-captcha seeds Python's generator with the public key that stands in the picture's address, so
nothing here may use that generator.
"""

import math
import secrets

from PIL import Image, ImageDraw, ImageFilter

_random = secrets.SystemRandom()

LENGTH = 6
INK = (28, 43, 51)


def digits() -> tuple[str, str]:
    """Six digits: they are the same on a Tajik, a Russian and a Latin keyboard."""
    challenge = "".join(_random.choice("0123456789") for _ in range(LENGTH))
    return challenge, challenge


def distort(image: Image.Image) -> Image.Image:
    """Bend the digits, cross them with strokes of their own thickness, and speckle the paper."""
    image = _wave(image)
    draw = ImageDraw.Draw(image)
    for _ in range(3):
        _stroke(draw, image.size)
    for _ in range(image.width * image.height // 60):
        spot = (_random.randrange(image.width), _random.randrange(image.height))
        draw.point(spot, fill=_random.choice((INK, (160, 168, 172), (255, 255, 255))))
    return image.filter(ImageFilter.SMOOTH)


def _wave(image: Image.Image) -> Image.Image:
    """Shift columns and rows along sine waves of random length, height and phase."""
    columns = _random.uniform(5, 8), _random.uniform(70, 130), _random.uniform(0, math.tau)
    rows = _random.uniform(3, 5), _random.uniform(30, 60), _random.uniform(0, math.tau)
    bent = Image.new(image.mode, image.size, "white")
    for x in range(image.width):
        shift = round(columns[0] * math.sin(math.tau * x / columns[1] + columns[2]))
        bent.paste(image.crop((x, 0, x + 1, image.height)), (x, shift))
    result = Image.new(image.mode, image.size, "white")
    for y in range(image.height):
        shift = round(rows[0] * math.sin(math.tau * y / rows[1] + rows[2]))
        result.paste(bent.crop((0, y, image.width, y + 1)), (shift, y))
    return result


def _stroke(draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    """A curved line from side to side."""
    width, height = size
    middle, swing = _random.uniform(height * 0.3, height * 0.7), _random.uniform(6, height * 0.3)
    length, phase = _random.uniform(width * 0.6, width * 1.6), _random.uniform(0, math.tau)
    points = [(x, middle + swing * math.sin(math.tau * x / length + phase)) for x in range(-4, width + 5, 4)]
    draw.line(points, fill=INK, width=_random.choice((2, 3)), joint="curve")
