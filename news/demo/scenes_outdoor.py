"""Open country: mountains, a lake, a field, a bridge, a dam."""

import math
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .landscape import Light, haze_band, light_of, ridge, sky, trees, water
from .paint import (
    Canvas,
    Colour,
    Point,
    clouds,
    gradient,
    grained,
    mix,
    ramp,
    relief,
    scale_mask,
    stencil,
    threshold,
)
from .perspective import lay


def _ranges(cv: Canvas, light: Light, floor: float, *, tall: float = 1.0, count: int = 3) -> None:
    """Ranges one behind the other; the floor is a share of the height."""
    h = cv.h
    for number in range(count):
        near = 0.12 + 0.36 * number / max(1, count - 1)
        height = h * tall * (0.3 + 0.09 * number) * cv.rng.uniform(0.9, 1.1)
        base = h * (floor - 0.08 + 0.06 * number)
        ridge(
            cv,
            light,
            base,
            height,
            near,
            step=h * (0.34 - 0.05 * number),
            snowline=floor - 0.17 + 0.03 * number,
        )
    haze_band(cv, light, floor - 0.03, 0.09, 0.55)


def mountains(cv: Canvas, seed: int) -> Image.Image:
    light = light_of(seed)
    sky(cv, light, 0.6)
    _ranges(cv, light, 0.64, tall=1.15)
    ridge(cv, light, cv.h * 0.86, cv.h * 0.26, 0.66, step=cv.h * 0.5, green=0.5, rough=0.14)
    haze_band(cv, light, 0.8, 0.09, 0.5)
    ridge(cv, light, cv.h * 1.02, cv.h * 0.24, 0.92, step=cv.h * 0.7, green=0.85, rough=0.1)
    return cv.finish(warmth=light.warmth)


def lake(cv: Canvas, seed: int) -> Image.Image:
    light = light_of(seed)
    sky(cv, light, 0.5)
    _ranges(cv, light, 0.55, tall=0.95)
    ridge(cv, light, cv.h * 0.6, cv.h * 0.13, 0.6, step=cv.h * 0.45, green=0.6, rough=0.1)
    water(cv, light, 0.58)
    haze_band(cv, light, 0.58, 0.04, 0.35)
    return cv.finish(warmth=light.warmth)


def _crop(cv: Canvas, light: Light, wheat: bool) -> Image.Image:
    """The field seen from above: rows of plants running away from the viewer."""
    side = 1200
    soil, leaf = mix(light.rock, (92, 70, 52), 0.6), mix(light.green, (84, 96, 50), 0.5)
    if wheat:
        soil, leaf = mix(light.rock, (148, 122, 78), 0.7), mix(light.sun, (188, 160, 100), 0.75)
    rows = Image.new("L", (side, 1))
    count = 30
    rows.putdata([round(128 + 112 * math.cos(x / side * count * 2 * math.pi)) for x in range(side)])
    noise = clouds(cv.rng, (side, side), (48, 192), 6)
    mask = ImageChops.add(rows.resize((side, side)), noise, 1.0, -128)
    flat = Image.composite(
        Image.new("RGB", mask.size, leaf),
        Image.new("RGB", mask.size, mix(soil, light.shade, 0.3)),
        threshold(mask, 120, 26),
    )
    pen = ImageDraw.Draw(flat)
    for _ in range(0 if wheat else 5500):
        x = (cv.rng.randrange(count + 1) + cv.rng.gauss(0, 0.15)) * side / count
        y, size = cv.rng.random() ** 1.4 * side, cv.rng.uniform(1.2, 3.6)
        pen.ellipse((x, y, x + size, y + size * 0.6), fill=mix(light.snow, leaf, cv.rng.uniform(0, 0.35)))
    grain = relief(noise, 3, 0.45 if wheat else 0.7)
    return grained(flat, grain)


def field(cv: Canvas, seed: int) -> Image.Image:
    light = light_of(seed)
    horizon = 0.53
    sky(cv, light, 0.5)
    _ranges(cv, light, 0.52, tall=0.72, count=2)
    ridge(cv, light, cv.h * 0.55, cv.h * 0.08, 0.55, step=cv.h * 0.6, green=0.7, rough=0.08)
    y, h, w = cv.h * horizon, cv.h, cv.w
    vanish = w * cv.rng.uniform(0.35, 0.65)
    wide = h * 1.1 + w * 0.9
    cv.poly([(0, y), (w, y), (w, h), (0, h)], mix(light.green, light.haze, 0.3))
    far = 0.06
    lay(
        cv,
        _crop(cv, light, wheat=seed % 2 == 0),
        [
            (vanish - wide * far - w * 0.55, y),
            (vanish + wide * far + w * 0.55, y),
            (vanish + wide * 1.9, h * 1.16),
            (vanish - wide * 1.9, h * 1.16),
        ],
    )
    cv.image.paste(
        Image.new("RGB", (w, round(h - y)), light.haze),
        (0, round(y)),
        ramp((w, round(h - y)), [(0, 165), (0.12, 75), (0.4, 10), (1, 0)]),
    )
    cv.image.paste(
        Image.new("RGB", (w, round(h - y)), light.green_shade),
        (0, round(y)),
        ramp((w, round(h - y)), [(0, 0), (0.5, 0), (1, 120)]),
    )
    groves = [
        (start, start + w * cv.rng.uniform(0.08, 0.2), h * cv.rng.uniform(0.03, 0.055))
        for start in (w * cv.rng.uniform(-0.1, 0.9) for _ in range(6))
    ]
    trees(cv, light, y + h * 0.006, groves, 0.45)
    cv.glow((w * light.sun_at[0], y), (w * 0.7, h * 0.3), light.sun, 0.3)
    cv.blur(5, ramp(cv.size, [(0, 0), (0.82, 0), (1, 255)]))
    return cv.finish(warmth=light.warmth)


def _arches(cv: Canvas, deck: float, shore: float) -> tuple[Image.Image, Image.Image]:
    """The bridge's wall and the shadowed depth inside its arches, as masks."""
    w, h = cv.size
    thick, depth = h * 0.032, h * 0.018
    span = min(w * 0.3, h * 0.5)
    outer = Image.new("L", (w * 2, h * 2))
    pen = ImageDraw.Draw(outer)
    pen.rectangle((0, (deck - thick / 2) * 2, w * 2, (shore + 2) * 2), fill=255)
    inner = outer.copy()
    start = -cv.rng.uniform(0.2, 0.8) * span
    for image, push in ((outer, 0.0), (inner, depth)):
        pen, x = ImageDraw.Draw(image), start
        while x < w:
            left, right = x + span * 0.06 + push, x + span * 0.94 + push
            top, foot = deck + thick + push * 0.25, shore * 2 - deck + h * 0.02
            pen.ellipse((left * 2, top * 2, right * 2, foot * 2), fill=0)
            x += span
    return outer.reduce(2), inner.reduce(2)


def bridge(cv: Canvas, seed: int) -> Image.Image:
    light = light_of(seed)
    w, h = cv.size
    deck, shore = h * 0.5, h * 0.66
    sky(cv, light, 0.48)
    _ranges(cv, light, 0.56, tall=0.95)
    ridge(cv, light, h * 0.64, h * 0.22, 0.6, step=h * 0.5, green=0.55, rough=0.12)
    trees(cv, light, shore, [(0, w, h * 0.045)], 0.6)
    wall, depth = _arches(cv, deck, shore)
    stone = mix(mix(light.rock, light.snow, 0.45), light.haze, 0.2)
    cv.wash(mix(light.shade, stone, 0.25), depth)
    body = gradient(
        cv.size,
        [
            (0, mix(stone, light.sun, 0.4)),
            (deck / h, mix(stone, light.sun, 0.3)),
            (shore / h, mix(stone, light.shade, 0.45)),
            (1, light.shade),
        ],
    )
    grain = relief(clouds(cv.rng, cv.size, (h * 0.05, h * 0.03), 5), 2, 0.35)
    cv.image.paste(grained(body, grain), (0, 0), wall)
    cv.lines([[(0, deck - h * 0.016), (w, deck - h * 0.016)]], mix(stone, light.sun, 0.6), h * 0.006)
    cv.lines([[(0, deck + h * 0.006), (w, deck + h * 0.006)]], mix(stone, light.shade, 0.6), h * 0.005)
    rail = [[(x, deck - h * 0.018), (x, deck - h * 0.038)] for x in range(0, w, max(4, round(h * 0.014)))]
    cv.lines(rail, mix(stone, light.shade, 0.5), 1.2)
    cv.lines([[(0, deck - h * 0.038), (w, deck - h * 0.038)]], mix(stone, light.shade, 0.35), 2)
    lamps = [(x, deck - h * 0.09) for x in range(round(h * 0.1), w, round(h * 0.25))]
    cv.lines([[(x, deck - h * 0.02), (x, y)] for x, y in lamps], mix(light.shade, stone, 0.3), 2)
    cv.ellipses([(x, y, h * 0.006, h * 0.007) for x, y in lamps], mix(light.sun, (255, 255, 255), 0.5))
    water(cv, light, shore / h, calm=0.6)
    haze_band(cv, light, shore / h, 0.05, 0.4)
    return cv.finish(warmth=light.warmth)


def _cliff(cv: Canvas, light: Light, points: list[Point], near: float, dark: float) -> None:
    """A rocky slope filling the given outline."""
    noise = clouds(cv.rng, cv.size, (cv.h * 0.16, cv.h * 0.22), 8)
    level = Image.new("L", cv.size, round(255 * dark))
    shape = clouds(cv.rng, cv.size, (cv.h * 0.12, cv.h * 0.34), 3)
    level = ImageChops.add(level, threshold(shape, 128, 42), 1.5, -20)
    shade = ImageChops.subtract(level, relief(noise, max(2, round(cv.h / 280)), 1.3), 1.0, 128)
    veil = 0.6 * (1 - near)
    rock = mix(mix(light.rock, light.green, 0.45), light.haze, veil)
    body = Image.composite(
        Image.new("RGB", cv.size, mix(light.shade, light.haze, veil)), Image.new("RGB", cv.size, rock), shade
    )
    outline = cv.mask(points)
    cv.image.paste(body, (0, 0), outline)


def _rough(cv: Canvas, points: list[Point], amount: float) -> list[Point]:
    """The same line with broken edges."""
    result = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        count = 26
        for step in range(1, count + 1):
            share = step / count
            result.append(
                (
                    x0 + (x1 - x0) * share + cv.rng.gauss(0, amount),
                    y0 + (y1 - y0) * share + cv.rng.gauss(0, amount),
                )
            )
    return result


def _dam_wall(cv: Canvas, light: Light, crown: float, foot: float) -> None:
    w, h = cv.size
    bow = [(w * (0.2 + 0.6 * i / 40), crown + h * 0.035 * math.sin(math.pi * i / 40)) for i in range(41)]
    low = [(w * 0.66, foot), (w * 0.36, foot)]
    concrete: Colour = mix(mix((176, 172, 164), light.haze, 0.35), light.sun, 0.1)
    shape = cv.mask(bow + low)
    across = gradient(
        cv.size,
        [
            (0.2, mix(concrete, light.shade, 0.1)),
            (0.42, mix(concrete, light.sun, 0.3)),
            (0.8, mix(concrete, light.shade, 0.6)),
        ],
        across=True,
    )
    streaks = relief(clouds(cv.rng, cv.size, (h * 0.02, h * 0.5), 5), 2, 0.5)
    cv.image.paste(grained(across, streaks), (0, 0), shape)
    joints = [[bow[i], (w * (0.36 + 0.3 * i / 40), foot)] for i in range(2, 40, 3)]
    cv.lines(joints, mix(concrete, light.shade, 0.6), 1.4, alpha=0.5)
    for level in (0.3, 0.62):
        row = [(x + (w * (0.36 + 0.3 * i / 40) - x) * level, y + (foot - y) * level) for i, (x, y) in enumerate(bow)]
        cv.lines([row], mix(concrete, light.shade, 0.5), 1.6, alpha=0.5)
    cv.lines([bow], mix(concrete, light.sun, 0.65), h * 0.012)
    cv.lines([[(x, y + h * 0.01) for x, y in bow]], mix(concrete, light.shade, 0.7), h * 0.005)


def _spillway(cv: Canvas, light: Light, crown: float, foot: float) -> None:
    """White water falling over the middle of the wall, and its mist."""
    w, h = cv.size
    for number in range(3):
        x = w * (0.485 + 0.035 * number)
        x1 = w * (0.49 + 0.022 * number)
        top = crown + h * 0.05
        fall = [(x, top), (x + w * 0.02, top), (x1 + w * 0.026, foot), (x1 - w * 0.006, foot)]
        cv.poly(fall, mix(light.snow, light.snow_shade, 0.25), blur=2.5, alpha=0.9)
        cv.lines([[(x + w * 0.012, top), (x1 + w * 0.012, foot)]], (255, 255, 255), w * 0.004, blur=2)
    puffs = [
        (
            w * cv.rng.uniform(0.42, 0.62),
            foot - h * cv.rng.uniform(-0.02, 0.07),
            w * cv.rng.uniform(0.02, 0.06),
            h * cv.rng.uniform(0.015, 0.04),
        )
        for _ in range(26)
    ]
    cv.ellipses(puffs, light.snow, blur=h * 0.022, alpha=0.55)


def dam(cv: Canvas, seed: int) -> Image.Image:
    light = light_of(seed)
    w, h = cv.size
    crown, foot = h * 0.44, h * 0.8
    sky(cv, light, 0.44)
    _ranges(cv, light, 0.44, tall=0.8)
    cv.rect(0, h * 0.435, w, h * 0.6, mix(light.middle, light.haze, 0.3), blur=1)
    _dam_wall(cv, light, crown, foot)
    _spillway(cv, light, crown, foot)
    left = _rough(cv, [(-20, h * 0.17), (w * 0.12, h * 0.33), (w * 0.235, h * 0.47), (w * 0.39, h * 0.82)], h * 0.005)
    right = _rough(cv, [(w + 20, h * 0.1), (w * 0.9, h * 0.26), (w * 0.77, h * 0.46), (w * 0.63, h * 0.82)], h * 0.005)
    _cliff(cv, light, [*left, (w * 0.16, h), (-20, h)], 0.78, 0.62)
    _cliff(cv, light, [*right, (w * 0.86, h), (w + 20, h)], 0.78, 0.36)
    noise = clouds(cv.rng, (w, round(h * 0.24)), (h * 0.4, h * 0.02), 5)
    stream = stencil(
        (w, round(h * 0.24)),
        [(w * 0.38, h * 0.02), (w * 0.645, h * 0.02), (w * 0.9, h * 0.25), (w * 0.12, h * 0.25)],
    )
    cv.wash(mix(mix(light.middle, light.green_shade, 0.55), light.shade, 0.2), stream, (0, round(h * 0.77)))
    foam = ImageChops.multiply(threshold(noise, 150, 16), stream.filter(ImageFilter.GaussianBlur(4)))
    cv.wash(light.snow, scale_mask(foam, 0.4), (0, round(h * 0.77)))
    cv.glow((w * 0.52, foot), (w * 0.3, h * 0.2), light.haze, 0.5)
    return cv.finish(warmth=light.warmth)
