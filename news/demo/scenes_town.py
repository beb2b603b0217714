"""The town: a skyline with a park, and a row of flags."""

import math

from PIL import Image, ImageChops, ImageFilter

from .cloth import waving
from .landscape import Light, haze_band, light_of, ridge, sky, trees
from .paint import Canvas, Colour, Point, clouds, gradient, grained, mix, ramp, relief, threshold


def _block(cv: Canvas, light: Light, box: tuple[float, float, float, float], near: float) -> None:
    """One building: a lit wall, a shaded wall, windows; the box is x, foot, width, height."""
    x, foot, wide, high = box
    h, roof = cv.h, foot - high
    wall = mix(mix((214, 204, 190), light.sun, cv.rng.uniform(0.05, 0.35)), light.haze, 0.72 * (1 - near))
    dark = mix(wall, light.shade, 0.3 + 0.25 * near)
    front = wide * cv.rng.uniform(0.66, 0.78)
    cv.rect(x, roof, x + front, foot, wall)
    cv.rect(x + front, roof, x + wide, foot, dark)
    cv.rect(x - 2, roof - h * 0.004, x + wide + 2, roof, mix(wall, light.sun, 0.4))
    floors, bays = max(2, round(high / (h * 0.02))), max(2, round(front / (h * 0.014)))
    panes: list[list[Point]] = []
    lit: list[list[Point]] = []
    for floor, bay in ((floor, bay) for floor in range(floors - 1) for bay in range(bays)):
        px, py = x + front * (bay + 0.25) / bays, roof + high * (floor + 0.35) / floors
        pane = [(px, py), (px + h * 0.006, py), (px + h * 0.006, py + h * 0.009), (px, py + h * 0.009)]
        (lit if cv.rng.random() < 0.12 else panes).append(pane)
    cv.polys(panes, mix(dark, light.top, 0.4), alpha=0.25 + 0.5 * near)
    if lit:
        cv.polys(lit, mix(light.sun, (255, 236, 190), 0.5), alpha=0.3 + 0.5 * near)


def _blocks(cv: Canvas, light: Light, foot: float, tall: float, near: float) -> None:
    """A row of buildings."""
    x = -cv.w * 0.03
    while x < cv.w:
        wide, high = cv.h * cv.rng.uniform(0.05, 0.13), cv.h * tall * cv.rng.uniform(0.35, 1.0)
        _block(cv, light, (x, foot, wide, high), near)
        x += wide * cv.rng.uniform(0.95, 1.5)


def lawn(cv: Canvas, light: Light, top: float) -> None:
    w, h = cv.size
    size = (w, round(h - top))
    ground = gradient(
        size,
        [
            (0, mix(light.green, light.haze, 0.35)),
            (0.25, mix(light.green, light.sun, 0.12)),
            (1, mix(light.green, light.green_shade, 0.75)),
        ],
    )
    noise = clouds(cv.rng, size, (h * 0.25, h * 0.05), 7)
    grain = relief(noise, 2, 0.8)
    ground = grained(ground, grain)
    shadow = ImageChops.multiply(threshold(noise, 142, 8), ramp(size, [(0, 20), (0.5, 110), (1, 150)]))
    ground.paste(mix(light.green_shade, light.shade, 0.3), (0, 0, *size), shadow)
    cv.image.paste(ground, (0, round(top)))


def _fountain(cv: Canvas, light: Light, x: float, y: float, size: float) -> None:
    stone = mix((206, 200, 190), light.haze, 0.2)
    cv.ellipses([(x, y + size * 0.05, size * 1.06, size * 0.23)], mix(stone, light.shade, 0.5))
    cv.ellipses([(x, y, size * 1.04, size * 0.22)], mix(stone, light.sun, 0.3))
    cv.ellipses([(x, y + size * 0.01, size * 0.97, size * 0.195)], mix(light.middle, light.green_shade, 0.35))
    cv.ellipses([(x - size * 0.2, y, size * 0.6, size * 0.08)], light.low, blur=4, alpha=0.5)
    jets = []
    for number in range(22):
        angle = 2 * math.pi * number / 22
        reach = size * 0.6
        path = []
        for step in range(14):
            share = step / 13
            rise = 4 * share * (1 - share) * size * 0.55
            path.append(
                (
                    x + math.cos(angle) * reach * (1 - share * 0.72),
                    y + math.sin(angle) * reach * 0.2 * (1 - share * 0.72) - rise,
                )
            )
        jets.append(path)
    cv.lines(jets, mix(light.snow, light.low, 0.3), size * 0.012, blur=2.2, alpha=0.6)
    for wide, high in ((0.1, 1.15), (0.05, 1.35)):
        column = [
            (x - size * wide, y),
            (x - size * wide * 0.35, y - size * high),
            (x + size * wide * 0.35, y - size * high),
            (x + size * wide, y),
        ]
        cv.poly(column, light.snow, blur=size * 0.03, alpha=0.75)
    cv.ellipses(
        [
            (x + cv.rng.gauss(0, size * 0.2), y - abs(cv.rng.gauss(0, size * 0.12)), size * 0.12, size * 0.05)
            for _ in range(20)
        ],
        light.snow,
        blur=size * 0.05,
        alpha=0.4,
    )


def city(cv: Canvas, seed: int) -> Image.Image:
    light = light_of(seed)
    w, h = cv.size
    sky(cv, light, 0.5)
    ridge(cv, light, h * 0.5, h * 0.26, 0.14, step=h * 0.3, snowline=0.4)
    _blocks(cv, light, h * 0.6, 0.2, 0.15)
    haze_band(cv, light, 0.56, 0.08, 0.5)
    _blocks(cv, light, h * 0.62, 0.22, 0.5)
    haze_band(cv, light, 0.6, 0.05, 0.35)
    lawn(cv, light, h * 0.615)
    trees(cv, light, h * 0.625, [(-20, w + 20, h * 0.06)], 0.55)
    trees(cv, light, h * 0.66, [(-20, w * 0.3, h * 0.11), (w * 0.72, w + 20, h * 0.11)], 0.75)
    x = w * cv.rng.uniform(0.44, 0.56)
    path: Colour = mix(mix((214, 204, 190), light.sun, 0.2), light.shade, 0.12)
    cv.poly(
        [(x - w * 0.03, h * 0.64), (x + w * 0.03, h * 0.64), (x + h * 0.55, h), (x - h * 0.55, h)],
        path,
        blur=1,
    )
    for side in (-1, 1):
        cv.poly(
            [
                (x + side * w * 0.03, h * 0.64),
                (x + side * w * 0.034, h * 0.64),
                (x + side * h * 0.6, h),
                (x + side * h * 0.54, h),
            ],
            mix(path, light.shade, 0.35),
            blur=1,
        )
    trees(cv, light, h * 0.76, [(-30, w * 0.12, h * 0.24), (w * 0.88, w + 30, h * 0.24)], 0.95)
    _fountain(cv, light, x, h * 0.79, h * 0.2)
    cv.image.paste(light.green_shade, (0, 0, w, h), ramp(cv.size, [(0, 0), (0.8, 0), (1, 120)]))
    cv.glow((w * light.sun_at[0], h * 0.5), (w * 0.7, h * 0.5), light.sun, 0.3)
    return cv.finish(warmth=light.warmth)


def flags(cv: Canvas, seed: int) -> Image.Image:
    """A row of flags on tall poles, coming nearer from one side."""
    light = light_of(seed)
    w, h = cv.size
    sky(cv, light, 0.92, 1.15)
    ridge(cv, light, h * 0.98, h * 0.26, 0.2, step=h * 0.34, snowline=0.84)
    haze_band(cv, light, 0.93, 0.1, 0.6)
    trees(cv, light, h * 1.02, [(-20, w + 20, h * 0.1)], 0.5)
    cv.blur(4)
    count = max(4, round(w / h * 4))
    turned = seed % 2 == 0
    for number in range(count):
        share = number / (count - 1)
        x = w * (0.04 + 0.86 * share**1.45)
        size = h * (0.1 + 0.17 * share**1.6)
        x = w * 0.96 - x if turned else x - size * 0.3
        top = h * (0.44 - 0.36 * share**1.3)
        metal = mix(mix((190, 190, 188), light.haze, 0.5 * (1 - share)), light.shade, 0.12)
        thick = max(2.0, size * 0.035)
        cv.lines([[(x, h * 1.02), (x, top)]], mix(metal, light.shade, 0.35), thick)
        cv.lines([[(x - thick * 0.2, h * 1.02), (x - thick * 0.2, top)]], mix(metal, light.sun, 0.5), thick * 0.4)
        cv.ellipses([(x, top, thick * 0.9, thick * 0.9)], mix((206, 164, 74), light.haze, 0.4 * (1 - share)))
        cloth = waving(cv.rng, round(size))
        veil = Image.blend(cloth.convert("RGB"), Image.new("RGB", cloth.size, light.haze), 0.42 * (1 - share) ** 1.3)
        alpha = cloth.getchannel("A")
        if share < 0.6:
            alpha = alpha.filter(ImageFilter.GaussianBlur(1.2))
            veil = veil.filter(ImageFilter.GaussianBlur(1.4 * (1 - share)))
        cv.image.paste(veil, (round(x + thick * 0.4), round(top + size * 0.04 - size * 0.25)), alpha)
    cv.glow((w * light.sun_at[0], h * light.sun_at[1]), (w * 0.6, h * 0.6), light.sun, 0.22)
    return cv.finish(warmth=light.warmth)
