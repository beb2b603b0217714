"""The lectern before a row of flags, and the wooden panels that the halls share."""

from PIL import Image, ImageDraw

from .cloth import GOLD, mark, stand
from .paint import Canvas, Colour, clouds, gradient, grained, mix, ramp, relief, trapeze

WOODS: tuple[Colour, ...] = ((134, 88, 54), (118, 82, 60), (146, 104, 66))
PAPER: Colour = (244, 238, 226)
DARK: Colour = (30, 24, 22)
LAMP: Colour = (255, 226, 176)


def panelling(cv: Canvas, wood: Colour, bays: int) -> Image.Image:
    """A wall of wooden panels seen from the front."""
    width, height = 1000, 420
    noise = clouds(cv.rng, (width, height), (14, 260), 4)
    wall = gradient((width, height), [(0, mix(wood, LAMP, 0.3)), (0.5, wood), (1, mix(wood, DARK, 0.5))])
    grain = relief(noise, 2, 0.25)
    wall = grained(wall, grain)
    pen = ImageDraw.Draw(wall)
    for bay in range(bays + 1):
        x = width * bay / bays
        pen.line((x, 0, x, height), fill=mix(wood, DARK, 0.55), width=3)
        pen.line((x + 3, 0, x + 3, height), fill=mix(wood, LAMP, 0.3), width=1)
    for y in (height * 0.32, height * 0.78):
        pen.line((0, y, width, y), fill=mix(wood, DARK, 0.5), width=2)
    return wall


def _backdrop(cv: Canvas, seed: int) -> None:
    """A panelled wall, lamps and a row of flags, all out of focus."""
    w, h = cv.size
    wood = WOODS[seed % 3]
    wall = panelling(cv, mix(wood, (84, 70, 66), 0.35), 11).resize(cv.size, Image.Resampling.BICUBIC)
    cv.image.paste(wall)
    cv.glow((w * 0.5, h * 0.15), (w * 0.62, h * 0.75), LAMP, 0.5)
    count = max(3, round(w / h * 3.6))
    for number in range(count):
        x = w * (number + 0.28) / count
        stand(cv, (x, h * cv.rng.uniform(0.93, 0.95)), h * 0.82, 0.92)
    cv.image.paste(DARK, (0, 0, w, h), ramp(cv.size, [(0, 0), (0.6, 20), (1, 150)]))
    cv.blur(h / 130)
    spots = [(w * (i + 0.5) / 9, h * 0.045, h * 0.02, h * 0.02) for i in range(9)]
    cv.ellipses(spots, (255, 240, 206), blur=4, alpha=0.75)


def _lectern(cv: Canvas, wood: Colour, x: float, top: float, unit: float) -> None:
    h, foot = cv.h, cv.h + 5.0
    pale, deep = mix(wood, LAMP, 0.28), mix(wood, DARK, 0.5)
    cv.ellipses([(x, h, unit * 0.8, unit * 0.12)], DARK, blur=18, alpha=0.6)
    body = cv.mask(trapeze(x, (top + unit * 0.2, unit * 0.46), (foot, unit * 0.38)))
    noise = relief(clouds(cv.rng, cv.size, (h * 0.02, h * 0.5), 4), 2, 0.25)
    left, right = (x - unit * 0.46) / cv.w, (x + unit * 0.46) / cv.w
    stops = [(left, mix(pale, wood, 0.2)), (left * 0.6 + right * 0.4, pale), (right, deep)]
    cv.image.paste(grained(gradient(cv.size, stops, across=True), noise), (0, 0), body)
    panel = trapeze(x, (top + unit * 0.36, unit * 0.36), (foot, unit * 0.3))
    cv.poly(panel, deep, alpha=0.28)
    cv.lines([[panel[3], panel[0], panel[1], panel[2]]], mix(wood, GOLD, 0.5), 2.2, alpha=0.7)
    _seal(cv, x, top + unit * 0.48, round(unit * 0.34))
    cv.trapeze(x, (top + unit * 0.17, unit * 0.52), (top + unit * 0.25, unit * 0.49), deep)
    cv.trapeze(x, (top, unit * 0.42), (top + unit * 0.18, unit * 0.53), mix(pale, PAPER, 0.14))
    rim = [(x - unit * 0.53, top + unit * 0.18), (x + unit * 0.53, top + unit * 0.18)]
    cv.lines([rim], mix(pale, PAPER, 0.5), 2)
    cv.trapeze(x, (top + unit * 0.04, unit * 0.15), (top + unit * 0.14, unit * 0.19), PAPER, alpha=0.92)


def _seal(cv: Canvas, x: float, top: float, size: int) -> None:
    """The gold mark on the front of the lectern."""
    seal = Image.new("RGBA", (400, 400), (*GOLD, 0))
    mark(ImageDraw.Draw(seal), 200, 200, 250, (222, 190, 122))
    seal = seal.resize((max(8, size), max(8, size)), Image.Resampling.LANCZOS)
    cv.image.paste(seal, (round(x - size / 2), round(top)), seal)


def _microphones(cv: Canvas, x: float, top: float, unit: float) -> None:
    for side in (-1, 1):
        foot = (x + side * unit * 0.3, top + unit * 0.05)
        bend = [(foot[0] - side * unit * 0.18 * (s / 12) ** 2.2, foot[1] - unit * 0.42 * (s / 12)) for s in range(13)]
        cv.lines([bend], (36, 34, 34), unit * 0.012)
        cv.lines([[(px - 1, py) for px, py in bend]], (150, 146, 140), unit * 0.003, alpha=0.8)
        tip = bend[-1]
        head = [
            (tip[0] + side * unit * 0.03, tip[1] + unit * 0.03),
            (tip[0] - side * unit * 0.05, tip[1] - unit * 0.07),
        ]
        cv.lines([head], (28, 27, 28), unit * 0.036)
        cv.ellipses([(*head[1], unit * 0.024, unit * 0.024)], (40, 39, 40))
        cv.ellipses(
            [(head[1][0] - unit * 0.008, head[1][1] - unit * 0.008, unit * 0.008, unit * 0.008)],
            (140, 136, 130),
            blur=1.5,
        )
        cv.ellipses([(*foot, unit * 0.03, unit * 0.012)], (36, 34, 34))


def podium(cv: Canvas, seed: int) -> Image.Image:
    """A lectern with microphones, and flags out of focus behind it."""
    _backdrop(cv, seed)
    w, h = cv.size
    x = w * (0.5, 0.37, 0.63)[seed % 3]
    unit = h * 0.5
    _lectern(cv, WOODS[(seed + 1) % 3], x, h * 0.46, unit)
    _microphones(cv, x, h * 0.46, unit)
    cv.glow((x - unit * 0.2, h * 0.42), (unit, unit * 0.8), LAMP, 0.24)
    cv.bloom(46, 0.3)
    return cv.finish(warmth=(255, 248, 238), vignette=0.34)
