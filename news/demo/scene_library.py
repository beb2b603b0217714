"""A reading room."""

import math

from PIL import Image, ImageDraw

from .paint import Canvas, Colour, clouds, gradient, grained, mix, ramp, relief
from .perspective import Camera, Room, box, lay
from .scene_podium import DARK, LAMP, PAPER

BOOKS: tuple[Colour, ...] = (
    (112, 44, 44),
    (40, 74, 62),
    (54, 66, 96),
    (136, 104, 62),
    (92, 74, 58),
    (150, 132, 104),
    (70, 50, 62),
    (48, 56, 58),
)


def _shelves(cv: Canvas, wood: Colour, bays: int, rows: int) -> Image.Image:
    """Book shelves seen from the front."""
    width, height = bays * 240, rows * 130
    wall = Image.new("RGB", (width, height), mix(wood, DARK, 0.7))
    pen = ImageDraw.Draw(wall)
    for row in range(rows):
        low, x = (row + 1) * 130 - 12, 8.0
        while x < width - 12:
            thick, tall = cv.rng.uniform(7, 19), cv.rng.uniform(72, 104)
            if cv.rng.random() < 0.05:
                x += thick * 2
                continue
            hue = mix(cv.rng.choice(BOOKS), cv.rng.choice(BOOKS), cv.rng.random() * 0.4)
            pen.rectangle((x, low - tall, x + thick, low), fill=hue)
            pen.line((x + 1, low - tall, x + 1, low), fill=mix(hue, LAMP, 0.35))
            pen.line((x + thick, low - tall, x + thick, low), fill=mix(hue, DARK, 0.6), width=2)
            for share in (0.2, 0.26, 0.8):
                if cv.rng.random() < 0.6:
                    pen.line(
                        (x + 2, low - tall * share, x + thick - 2, low - tall * share),
                        fill=mix(hue, (206, 164, 74), 0.6),
                    )
            x += thick + 1
        pen.rectangle((0, low, width, low + 12), fill=mix(wood, LAMP, 0.12))
        pen.rectangle((0, low + 9, width, low + 24), fill=mix(wood, DARK, 0.6))
    for bay in range(bays + 1):
        pen.rectangle((bay * 240 - 8, 0, bay * 240 + 8, height), fill=mix(wood, LAMP, 0.06))
        pen.line((bay * 240 + 8, 0, bay * 240 + 8, height), fill=mix(wood, DARK, 0.7), width=3)
    return wall.reduce(2)


def _boards(cv: Canvas, wood: Colour) -> Image.Image:
    noise = clouds(cv.rng, (600, 900), (30, 400), 5)
    grain = relief(noise, 2, 0.35)
    floor = Image.new("RGB", noise.size, mix(wood, LAMP, 0.18))
    pen = ImageDraw.Draw(floor)
    for x in range(0, 600, 40):
        pen.rectangle((x, 0, x + 38, 900), fill=mix(wood, LAMP, cv.rng.uniform(0.08, 0.26)))
        pen.line((x + 39, 0, x + 39, 900), fill=mix(wood, DARK, 0.5))
    return grained(floor, grain)


def _window(cv: Canvas, eye: Camera, depth: float) -> None:
    """A tall arched window full of daylight at the end of the room."""
    half, low, spring = 1.5, 1.0, 3.5
    arch = [(half * math.cos(math.pi * i / 24), spring + half * math.sin(math.pi * i / 24), depth) for i in range(25)]
    shape = eye.shape([(half, low, depth), *arch, (-half, low, depth)])
    pane = gradient(
        cv.size,
        [
            (0, (236, 240, 240)),
            (0.3, (250, 246, 234)),
            (0.45, (206, 214, 190)),
            (0.6, (150, 170, 140)),
            (1, (120, 140, 110)),
        ],
    )
    cv.image.paste(pane, (0, 0), cv.mask(shape))
    bars = [
        [eye.at(x, low, depth), eye.at(x, spring + math.sqrt(max(0, half**2 - x**2)), depth)] for x in (-0.75, 0, 0.75)
    ]
    bars += [[eye.at(-half, y, depth), eye.at(half, y, depth)] for y in (1.8, 2.65, spring)]
    cv.lines(bars, (110, 92, 74), 3)
    cv.lines([[*shape, shape[0]]], (134, 104, 76), 7)
    unit = eye.scale(depth)
    cv.glow(eye.at(0, 3, depth), (unit * 7, unit * 6), (255, 240, 208), 0.85)


def _lamp(cv: Canvas, x: float, y: float, unit: float) -> None:
    """A brass lamp with a green shade, and the light under it."""
    cv.glow((x, y), (unit * 0.8, unit * 0.3), LAMP, 0.6)
    cv.lines([[(x, y), (x, y - unit * 0.4)]], (168, 134, 72), unit * 0.025)
    cv.ellipses([(x, y, unit * 0.09, unit * 0.03)], (150, 118, 62))
    low, top = y - unit * 0.33, y - unit * 0.45
    cv.trapeze(x, (top, unit * 0.15), (low, unit * 0.2), (46, 96, 72))
    shine = [(x - unit * 0.2, low), (x - unit * 0.15, top), (x - unit * 0.06, top), (x - unit * 0.09, low)]
    cv.poly(shine, (110, 158, 124), blur=1.5, alpha=0.7)
    cv.ellipses([(x, y - unit * 0.325, unit * 0.18, unit * 0.022)], (255, 240, 200))


def _open_book(cv: Canvas, x: float, y: float, unit: float) -> None:
    for leaf, shade in ((-0.18, 0.06), (0.18, 0.16)):
        page = [
            (x, y - unit * 0.04),
            (x + leaf * unit, y - unit * 0.055),
            (x + leaf * unit * 1.1, y + unit * 0.04),
        ]
        cv.poly([*page, (x, y + unit * 0.05)], mix(PAPER, DARK, shade))


def _reading_table(cv: Canvas, eye: Camera, wood: Colour, x: float, z: float) -> None:
    leg, edge = mix(wood, DARK, 0.55), mix(wood, DARK, 0.3)
    shadow = [(x - 0.9, 0.0, z), (x + 0.9, 0.0, z), (x + 0.9, 0.0, z + 2), (x - 0.9, 0.0, z + 2)]
    cv.poly(eye.shape(shadow), DARK, blur=10, alpha=0.45)
    for side, deep in ((-0.7, z + 1.9), (0.7, z + 1.9), (-0.7, z + 0.1), (0.7, z + 0.1)):
        (left, top), (right, low) = eye.at(x + side - 0.05, 0.74, deep), eye.at(x + side + 0.05, 0, deep)
        cv.rect(left, top, right, low, leg)
    box(cv, eye, (x - 0.85, 0.7, z), (x + 0.85, 0.78, z + 2), (edge, mix(wood, LAMP, 0.3), leg))
    for deep in (z + 1.5, z + 0.5):
        unit = eye.scale(deep)
        _lamp(cv, *eye.at(x, 0.78, deep), unit)
        for side in (-0.5, 0.5):
            _open_book(cv, *eye.at(x + side, 0.79, deep - 0.1), unit)


def _inside(cv: Canvas, eye: Camera, room: Room, wood: Colour) -> None:
    """Floor, ceiling with its beams, the end wall with the window, the shelves."""
    lay(cv, _boards(cv, wood), eye.shape(room.level(0)))
    vault = gradient((64, 400), [(0, mix(PAPER, wood, 0.25)), (1, mix(PAPER, wood, 0.6))])
    lay(cv, vault, eye.shape(room.level(room.high)))
    for deep in (16, 13.5, 11, 8.5, 6.5, 5):
        tone = mix(wood, DARK, 0.2 + 0.02 * deep)
        box(
            cv,
            eye,
            (-room.half, room.high - 0.3, deep),
            (room.half, room.high, deep + 0.35),
            (tone, tone, tone),
        )
    cv.poly(eye.shape(room.end()), mix(wood, PAPER, 0.45))
    _window(cv, eye, room.depth)
    for sign in (-1, 1):
        flat = _shelves(cv, wood, 16, 7)
        flat.paste(DARK, (0, 0, *flat.size), ramp(flat.size, [(0, 110), (0.5, 40), (1, 90)]))
        lay(cv, flat, eye.shape(room.side(sign, inset=0.3, top=0.7, low=0.1)))


def library(cv: Canvas, seed: int) -> Image.Image:
    """A long reading room: shelves on both sides, tables with lamps, daylight at the end."""
    wood: Colour = ((118, 76, 46), (104, 70, 50), (130, 90, 56))[seed % 3]
    room = Room(3.6, 5.6, 1.6, 17.0)
    focus = max(cv.w * 0.75, cv.h * 0.8)
    eye = Camera(cv.w * (0.5 + cv.rng.uniform(-0.12, 0.12)), cv.h * 0.46, focus, 1.75)
    _inside(cv, eye, room, wood)
    aisle = [(-0.9, 0.01, room.depth), (0.9, 0.01, room.depth), (1.5, 0.01, 3.0), (-1.5, 0.01, 3.0)]
    cv.poly(eye.shape(aisle), (255, 238, 204), blur=26, alpha=0.3)
    for z in (11.6, 8.2, 4.9):
        for x in (0.0,) if seed % 2 else (1.05, -1.05):
            _reading_table(cv, eye, wood, x, z)
    beam = [
        eye.at(-1.2, 4.6, room.depth),
        eye.at(1.2, 4.6, room.depth),
        eye.at(2.4, 0, 5),
        eye.at(-1.4, 0, 5),
    ]
    cv.poly(beam, (255, 240, 206), blur=40, alpha=0.16)
    cv.blur(5, ramp(cv.size, [(0, 255), (0.16, 0), (0.84, 0), (1, 255)], across=True))
    cv.bloom(50, 0.5)
    return cv.finish(warmth=(255, 247, 234), vignette=0.36)
