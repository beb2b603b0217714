"""The flag's colours in cloth: waving in the wind, or hanging in folds from a stand."""

import math
import random

from PIL import Image, ImageDraw, ImageFilter

from .paint import Canvas, Colour, Point, grained, mix

CRIMSON: Colour = (178, 34, 44)
WHITE: Colour = (240, 238, 232)
GREEN: Colour = (24, 106, 62)
GOLD: Colour = (206, 164, 74)


def _star(x: float, y: float, radius: float) -> list[Point]:
    points = []
    for turn in range(10):
        reach = radius if turn % 2 == 0 else radius * 0.42
        angle = math.pi * turn / 5 - math.pi / 2
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return points


def mark(pen: ImageDraw.ImageDraw, x: float, y: float, height: float, colour: Colour = GOLD) -> None:
    """A small crown under an arc of seven stars."""
    for number in range(7):
        angle = math.pi * (0.08 + 0.84 * number / 6)
        centre = (x - height * 0.52 * math.cos(angle), y + height * 0.12 - height * 0.52 * math.sin(angle))
        pen.polygon(_star(*centre, height * 0.1), fill=colour)
    base = y + height * 0.4
    crown = [(-0.3, 0), (-0.34, -0.32), (-0.17, -0.16), (0, -0.44), (0.17, -0.16), (0.34, -0.32), (0.3, 0)]
    pen.polygon([(x + height * dx, base + height * dy) for dx, dy in crown], fill=colour)


def _flat(width: int, height: int, room: int) -> Image.Image:
    """The flag without wind; the outer stripes run on above and below for the waves."""
    image = Image.new("RGB", (width, height + 2 * room), CRIMSON)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, room + height * 2 / 7, width, room + height * 5 / 7), fill=WHITE)
    pen.rectangle((0, room + height * 5 / 7, width, height + 2 * room), fill=GREEN)
    mark(pen, width / 2, room + height / 2 + height * 0.02, height * 0.3)
    return image


def waving(rng: random.Random, height: int) -> Image.Image:
    """A flag in the wind (RGBA), fastened on its left side; half as tall again as the cloth."""
    width, room = height * 2, height // 4
    flat = _flat(width, height, room)
    alpha = Image.new("L", flat.size)
    ImageDraw.Draw(alpha).rectangle((0, room, width, room + height), fill=255)
    phase, length = rng.uniform(0, 6.28), rng.uniform(0.75, 1.0)
    lift = room * 0.62

    def wave(x: float) -> float:
        share = x / width
        return lift * math.sqrt(share) * (math.sin(phase + share * 6.28 / length) * 0.7 + 0.35 * share)

    strips = []
    count = 40
    for number in range(count):
        x0, x1 = round(width * number / count), round(width * (number + 1) / count)
        up0, up1 = wave(x0), wave(x1)
        strips.append(((x0, 0, x1, flat.height), (x0, -up0, x0, flat.height - up0, x1, flat.height - up1, x1, -up1)))
    picture = flat.transform(flat.size, Image.Transform.MESH, strips, Image.Resampling.BICUBIC)
    shape = alpha.transform(flat.size, Image.Transform.MESH, strips, Image.Resampling.BICUBIC)
    folds = Image.new("L", (96, 4))
    folds.putdata(
        [
            round(128 + 62 * math.cos(phase + (x / 96 + row * 0.035) * 6.28 / length) * (0.25 + 0.75 * x / 96))
            for row in range(4)
            for x in range(96)
        ]
    )
    shade = folds.resize(flat.size, Image.Resampling.BICUBIC)
    picture = grained(picture, shade)
    picture.putalpha(shape)
    return picture


def hanging(rng: random.Random, width: int, height: int) -> Image.Image:
    """A flag hanging from a stand (RGBA): the stripes fall side by side in folds."""
    cloth = Image.new("RGB", (width, height), CRIMSON)
    pen = ImageDraw.Draw(cloth)
    for share, colour in ((0.3, WHITE), (0.58, GREEN)):
        lean = rng.uniform(0.0, 0.12)
        start, bend, end = width * (share + 0.12 - lean), width * (share - 0.03), width * (share + lean * 0.3)
        pen.polygon([(start, 0), (width, 0), (width, height), (end, height), (bend, height * 0.6)], fill=colour)
    mark(pen, width * 0.46, height * 0.5, width * 0.15)
    phase, count = rng.uniform(0, 6.28), rng.uniform(3.2, 4.4)
    folds = Image.new("L", (120, 8))
    folds.putdata(
        [
            round(
                118
                + 58 * math.sin(phase + count * 6.28 * (x / 120) ** 0.9 + row * 0.16)
                + 18 * math.sin(2.3 * count * 6.28 * x / 120)
            )
            for row in range(8)
            for x in range(120)
        ]
    )
    shade = folds.resize(cloth.size, Image.Resampling.BICUBIC)
    cloth = grained(cloth, shade)
    shape = Image.new("L", (width, height))
    hem = [
        (width * share, height * (0.975 + 0.016 * math.sin(phase + count * 6.28 * share)))
        for share in [1 - i / 24 for i in range(25)]
    ]
    top = [(width * 0.02, 0), (width * 0.3, 0), (width * 0.62, height * 0.12), (width * 0.92, height * 0.4)]
    ImageDraw.Draw(shape).polygon(top + hem, fill=255)
    cloth.putalpha(shape.filter(ImageFilter.GaussianBlur(max(1, width / 160))))
    return cloth


def stand(cv: Canvas, foot: Point, height: float, light: float = 1.0) -> None:
    """A flag on a stand indoors; the foot is on the floor."""
    x, y = foot
    pole = mix((40, 30, 20), GOLD, 0.55 * light)
    cv.ellipses([(x, y, height * 0.07, height * 0.02)], (30, 24, 20), blur=2, alpha=0.7)
    cv.lines([[(x, y), (x, y - height)]], pole, max(1.5, height * 0.014))
    cv.ellipses([(x, y - height - height * 0.02, height * 0.013, height * 0.026)], mix(pole, GOLD, 0.6))
    cloth = hanging(cv.rng, max(24, round(height * 0.34)), max(40, round(height * 0.78)))
    if light < 1:
        dark = Image.new("RGB", cloth.size, (26, 20, 20))
        alpha = cloth.getchannel("A")
        cloth = Image.blend(cloth.convert("RGB"), dark, 1 - light)
        cloth.putalpha(alpha)
    cv.image.paste(cloth, (round(x - height * 0.005), round(y - height * 0.97)), cloth)
