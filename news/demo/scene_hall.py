"""A conference hall with a round table."""

import math

from PIL import Image, ImageDraw

from .cloth import GOLD, mark, stand
from .paint import Canvas, Colour, Point, gradient, mix, trapeze
from .perspective import Camera, Room, lay
from .scene_podium import DARK, LAMP, PAPER, WOODS, panelling


def _shell(cv: Canvas, eye: Camera, room: Room, wood: Colour) -> None:
    """Floor, ceiling, side walls and back wall."""
    rug = mix((104, 66, 54), wood, 0.3)
    floor = gradient((400, 400), [(0, mix(rug, LAMP, 0.3)), (0.5, rug), (1, mix(rug, DARK, 0.5))])
    lay(cv, floor, eye.shape(room.level(0)))
    ceiling = gradient((400, 400), [(0, mix(PAPER, wood, 0.12)), (1, mix(PAPER, wood, 0.35))])
    lay(cv, ceiling, eye.shape(room.level(room.high)))
    wall = panelling(cv, wood, 9)
    dim = Image.blend(wall, Image.new("RGB", wall.size, DARK), 0.22)
    for sign in (-1, 1):
        lay(cv, dim, eye.shape(room.side(sign)))
    lay(cv, panelling(cv, mix(wood, LAMP, 0.1), 14), eye.shape(room.end()))


def _screen(cv: Canvas, eye: Camera, depth: float, high: float) -> None:
    """A glowing screen with mountains under a pale sky, on the back wall."""
    wide, low, top = 3.1, 1.75, high - 0.75
    frame = eye.shape(
        [
            (-wide - 0.12, top + 0.12, depth),
            (wide + 0.12, top + 0.12, depth),
            (wide + 0.12, low - 0.12, depth),
            (-wide - 0.12, low - 0.12, depth),
        ]
    )
    cv.poly(frame, DARK)
    picture = gradient((480, 240), [(0, (74, 112, 150)), (0.6, (176, 200, 212)), (1, (222, 226, 220))])
    pen = ImageDraw.Draw(picture)
    for layer, colour in enumerate(((190, 206, 216), (146, 170, 188), (104, 134, 156))):
        x, line = -20.0, [(-20.0, 260.0)]
        while x < 500:
            line.append((x, 150 + layer * 26 - cv.rng.uniform(0, 62 - layer * 12)))
            x += cv.rng.uniform(16, 42)
        pen.polygon([*line, (510, 260)], fill=colour)
    mark(pen, 240, 62, 58, (226, 196, 120))
    lay(
        cv,
        picture.resize((960, 480), Image.Resampling.BICUBIC),
        eye.shape([(-wide, top, depth), (wide, top, depth), (wide, low, depth), (-wide, low, depth)]),
    )
    centre = eye.at(0, (low + top) / 2, depth)
    cv.glow(centre, (eye.scale(depth) * 6.5, eye.scale(depth) * 4), (150, 180, 200), 0.28)


def _ring(
    eye: Camera, radius: float, y: float, z: float, stretch: float, start: float = 0, end: float = 360
) -> list[Point]:
    count = max(8, round(abs(end - start) / 3))
    turns = [math.radians(start + (end - start) * i / count) for i in range(count + 1)]
    return [eye.at(radius * stretch * math.cos(turn), y, z + radius * math.sin(turn)) for turn in turns]


def _chair(cv: Canvas, eye: Camera, x: float, z: float, facing: float, leather: Colour) -> None:
    """A high-backed chair; facing is -1 when its back is towards the viewer."""
    unit = eye.scale(z)
    px, py = eye.at(x, 0.98, z)
    back, seat = mix(leather, LAMP, 0.12 if facing > 0 else 0.02), mix(leather, DARK, 0.5)
    wide, tall = 0.3 * unit, 0.42 * unit
    cv.ellipses([(*eye.at(x, 0, z), wide * 1.3, wide * 0.32)], (20, 14, 12), blur=unit * 0.05, alpha=0.45)
    if facing < 0:
        cv.lines([[(px, py + tall * 0.8), (px, py + tall * 2.1)]], mix(DARK, PAPER, 0.16), unit * 0.07)
        cv.ellipses([(px, py + tall * 2.15, wide * 0.8, wide * 0.2)], mix(DARK, PAPER, 0.1), blur=1)
        cv.ellipses([(px, py + tall * 0.95, wide * 1.12, wide * 0.42)], seat)
        arms = [[(px + dx, py - tall * 0.02), (px + dx, py + tall * 0.9)] for dx in (-wide * 1.18, wide * 1.18)]
        cv.lines(arms, mix(seat, DARK, 0.3), unit * 0.06)
    top, low, ear = py - tall * 0.55, py + tall * 0.7, py - tall * 0.35
    shapes = [
        trapeze(px, (top, wide * 0.82), (ear, wide * 1.02)),
        trapeze(px, (ear, wide * 1.02), (low, wide)),
    ]
    cv.polys(shapes, back)
    shadow = [(px + wide * 0.25, low), (px + wide * 0.35, top), (px + wide * 0.82, top), (px + wide, low)]
    cv.poly(shadow, mix(back, DARK, 0.4), blur=unit * 0.05)
    edge = [(px - wide * 0.8, top + 1), (px + wide * 0.6, top + 1)]
    cv.lines([edge], mix(back, LAMP, 0.55), max(1.0, unit * 0.02), blur=0.8, alpha=0.7)


def _table(cv: Canvas, eye: Camera, wood: Colour, z: float, radius: float, stretch: float) -> None:
    """A ring-shaped table with papers, water and flowers."""
    inner, y = radius * 0.74, 0.78
    cv.poly(_ring(eye, radius * 1.05, 0, z, stretch), DARK, blur=14, alpha=0.5)
    skirt = _ring(eye, inner, y, z, stretch, 0, 180) + _ring(eye, inner, 0.05, z, stretch, 180, 0)
    cv.poly(skirt, mix(wood, DARK, 0.25))
    front = _ring(eye, radius, y, z, stretch, 180, 360) + _ring(eye, radius * 0.98, 0.02, z, stretch, 360, 180)
    top = mix(wood, LAMP, 0.32)
    ring = Image.new("L", (cv.w * 2, cv.h * 2))
    pen = ImageDraw.Draw(ring)
    pen.polygon([(px * 2, py * 2) for px, py in _ring(eye, radius, y, z, stretch)], fill=255)
    pen.polygon([(px * 2, py * 2) for px, py in _ring(eye, inner, y, z, stretch)], fill=0)
    shine = gradient(
        cv.size,
        [(0.2, mix(top, DARK, 0.25)), (0.5, mix(top, PAPER, 0.3)), (0.85, mix(top, DARK, 0.3))],
        across=True,
    )
    cv.image.paste(shine, (0, 0), ring.reduce(2))
    cv.poly(front, mix(wood, DARK, 0.3))
    cv.lines([_ring(eye, radius, y, z, stretch, 180, 360)], mix(top, PAPER, 0.5), 2.2, alpha=0.8)
    cv.lines([_ring(eye, radius * 0.99, 0.45, z, stretch, 180, 360)], mix(wood, GOLD, 0.4), 1.6, alpha=0.5)


def _setting(cv: Canvas, eye: Camera, z: float, radius: float, stretch: float, seats: int) -> None:
    papers, glasses, stems = [], [], []
    for number in range(seats):
        turn = 2 * math.pi * (number + 0.5) / seats
        x, deep = radius * 0.88 * stretch * math.cos(turn), z + radius * 0.88 * math.sin(turn)
        unit = eye.scale(deep)
        px, py = eye.at(x, 0.79, deep)
        papers.append(
            [
                (px - unit * 0.13, py - unit * 0.03),
                (px + unit * 0.13, py - unit * 0.03),
                (px + unit * 0.16, py + unit * 0.05),
                (px - unit * 0.16, py + unit * 0.05),
            ]
        )
        glasses.append((px + unit * 0.3, py - unit * 0.08, unit * 0.035, unit * 0.09))
        stems.append(
            [
                (px - unit * 0.24, py),
                (px - unit * 0.22, py - unit * 0.2),
                (px - unit * 0.16, py - unit * 0.26),
            ]
        )
    cv.polys(papers, PAPER, alpha=0.9)
    cv.ellipses(glasses, (214, 226, 228), blur=0.8, alpha=0.6)
    cv.lines(stems, DARK, 1.8, alpha=0.85)
    flowers: list[tuple[float, float, float, float]] = []
    leaves: list[tuple[float, float, float, float]] = []
    for _ in range(240):
        turn, reach = cv.rng.uniform(0, 6.28), radius * 0.5 * math.sqrt(cv.rng.random())
        x, deep = reach * stretch * math.cos(turn), z + reach * math.sin(turn)
        px, py = eye.at(x, cv.rng.uniform(0.1, 0.42), deep)
        size = eye.scale(deep) * cv.rng.uniform(0.05, 0.1)
        (flowers if cv.rng.random() < 0.3 else leaves).append((px, py, size, size * 0.7))
    cv.ellipses(leaves, (58, 84, 54), blur=1.6, alpha=0.9)
    cv.ellipses(flowers, (226, 208, 192), blur=1.2, alpha=0.85)


def _seats(z: float, radius: float, stretch: float, count: int) -> list[Point]:
    """Places around the table (x, z), the farthest first."""
    turns = [2 * math.pi * (number + 0.5) / count for number in range(count)]
    spots = [(radius * 1.2 * stretch * math.cos(turn), z + radius * 1.2 * math.sin(turn)) for turn in turns]
    return sorted(spots, key=lambda spot: -spot[1])


def _lights(cv: Canvas, eye: Camera, high: float) -> None:
    for radius, strength in ((4.6, 0.9), (3.4, 0.6)):
        loop = _ring(eye, radius, high - 0.02, 10.5, 1.2)
        cv.lines([[*loop, loop[0]]], LAMP, 7, blur=5, alpha=strength)
        cv.lines([[*loop, loop[0]]], (255, 248, 230), 3, alpha=0.9)


def hall(cv: Canvas, seed: int) -> Image.Image:
    """A conference hall: a ring of tables and chairs, a screen, flags on stands."""
    wood, rng = WOODS[seed % 3], cv.rng
    room = Room(8.6, 5.2, 2.2, 17.0)
    focus = max(cv.w, cv.h * 1.5) * rng.uniform(0.7, 0.98)
    centre, horizon = cv.w * (0.5 + rng.uniform(-0.13, 0.13)), cv.h * rng.uniform(0.32, 0.38)
    eye = Camera(centre, horizon, focus, rng.uniform(2.5, 3.4))
    _shell(cv, eye, room, wood)
    _lights(cv, eye, room.high)
    _screen(cv, eye, room.depth, room.high)
    for x in (-5.6, -4.7, 4.1, 5.0):
        stand(cv, eye.at(x, 0, room.depth - 0.6), eye.scale(room.depth - 0.6) * 3.0)
    z, radius, stretch, seats = 9.4, 3.4, rng.uniform(1.05, 1.5), 22
    leather = ((86, 46, 40), (60, 56, 58), (98, 70, 48))[seed % 3]
    places = _seats(z, radius, stretch, seats)
    for number in range(-9, 10):
        _chair(cv, eye, number * 0.78, room.depth - 2.1, 1, mix(leather, LAMP, 0.08))
    for x, deep in places:
        if deep >= z:
            _chair(cv, eye, x, deep, 1, leather)
    _table(cv, eye, wood, z, radius, stretch)
    _setting(cv, eye, z, radius, stretch, seats)
    for x, deep in places:
        if deep < z:
            _chair(cv, eye, x, deep, -1, leather)
    for x, deep in ((x, deep) for x in (-8.3, 8.3) for deep in (8.0, 11.0, 14.0)):
        cv.glow(eye.at(x, 3.4, deep), (eye.scale(deep) * 1.6, eye.scale(deep) * 2.2), LAMP, 0.5)
    cv.bloom(40, 0.35)
    return cv.finish(warmth=(255, 248, 236), vignette=0.34)
