"""A school: the front of a building, its lawn and its trees."""

from PIL import Image

from .cloth import waving
from .landscape import Light, haze_band, light_of, ridge, sky, trees
from .paint import Canvas, Colour, clouds, gradient, grained, mix, ramp, relief
from .scenes_town import lawn


def _windows(cv: Canvas, light: Light, box: tuple[float, float, float, float], bays: int, floors: int) -> None:
    """Rows of windows with sky in the glass and a shadow under each lintel."""
    x0, y0, x1, y1 = box
    step, rise = (x1 - x0) / bays, (y1 - y0) / floors
    panes, shadows, sills, frames, lights = [], [], [], [], []
    for bay in range(bays):
        for floor in range(floors):
            left, top = x0 + step * (bay + 0.2), y0 + rise * (floor + 0.22)
            right, low = left + step * 0.6, top + rise * 0.56
            panes.append([(left, top), (right, top), (right, low), (left, low)])
            shadows.append([(left, top), (right, top), (right, top + rise * 0.1), (left, top + rise * 0.05)])
            sills.append(
                [
                    (left - 2, low),
                    (right + 2, low),
                    (right + 2, low + rise * 0.035),
                    (left - 2, low + rise * 0.035),
                ]
            )
            frames += [
                [((left + right) / 2, top), ((left + right) / 2, low)],
                [(left, top + rise * 0.2), (right, top + rise * 0.2)],
            ]
            if cv.rng.random() < 0.5:
                lights.append(
                    [
                        (left, low),
                        (left + step * 0.3, top),
                        (left + step * 0.45, top),
                        (left + step * 0.15, low),
                    ]
                )
    cv.polys(panes, mix(light.top, light.shade, 0.45))
    cv.polys(lights, light.low, alpha=0.35)
    cv.polys(shadows, light.shade, alpha=0.7)
    cv.lines(frames, mix((236, 234, 228), light.haze, 0.2), 1.8)
    cv.polys(sills, mix((240, 236, 226), light.sun, 0.3))


def _body(cv: Canvas, light: Light, wall: Colour, box: tuple[float, float, float, float]) -> None:
    """A plastered front with its cornice and cast shadow; the box is left, top, right, foot."""
    x0, top, x1, foot = box
    h = cv.h
    cv.rect(x0 + h * 0.012, top, x1 + h * 0.012, foot, light.shade, blur=8, alpha=0.45)
    plaster = gradient(cv.size, [(0, mix(wall, light.sun, 0.25)), (1, mix(wall, light.shade, 0.3))], across=True)
    plaster = grained(plaster, relief(clouds(cv.rng, cv.size, (h * 0.04, h * 0.04), 4), 1, 0.3))
    cv.image.paste(plaster, (0, 0), cv.mask([(x0, top), (x1, top), (x1, foot), (x0, foot)]))
    cv.rect(x0 - h * 0.012, top - h * 0.016, x1 + h * 0.012, top, mix(wall, light.snow, 0.5))
    cv.rect(x0, top, x1, top + h * 0.01, light.shade, blur=2, alpha=0.4)


def _facade(cv: Canvas, light: Light, foot: float) -> None:
    w, h = cv.size
    middle, half, top = w * 0.5, min(w * 0.4, h * 0.62), foot - h * 0.3
    wall = mix(mix((226, 214, 192), light.sun, 0.2), light.haze, 0.12)
    _body(cv, light, wall, (middle - half, top, middle + half, foot))
    _body(cv, light, wall, (middle - half * 0.24, top - h * 0.035, middle + half * 0.24, foot))
    for start in (middle - half * 0.97, middle + half * 0.27):
        _windows(cv, light, (start, top + h * 0.01, start + half * 0.7, foot - h * 0.01), 8, 3)
    _windows(cv, light, (middle - half * 0.22, top - h * 0.02, middle + half * 0.22, top + h * 0.16), 5, 2)
    cv.rect(middle - half, foot - h * 0.018, middle + half, foot, mix(wall, light.shade, 0.45))


def _porch(cv: Canvas, light: Light, foot: float) -> None:
    """Columns, doors and steps."""
    h, x = cv.h, cv.w * 0.5
    half, high = h * 0.13, h * 0.125
    pale = mix((238, 232, 220), light.sun, 0.2)
    cv.trapeze(x, (foot - high, half), (foot, half), mix(light.shade, pale, 0.28))
    for at in (x - half * 0.55, x, x + half * 0.55):
        cv.trapeze(at, (foot - high * 0.75, half * 0.18), (foot, half * 0.18), mix(light.shade, (150, 96, 52), 0.5))
    for number in range(6):
        at, thick = x + (number - 2.5) * half * 0.39, h * 0.007
        cv.trapeze(at, (foot - high, thick * 0.85), (foot, thick), pale)
        cv.rect(at + thick * 0.2, foot - high, at + thick * 0.9, foot, mix(pale, light.shade, 0.45))
    cv.trapeze(x, (foot - high * 1.16, half * 1.08), (foot - high, half * 1.08), mix(pale, light.snow, 0.3))
    for number in range(5):
        reach, y = half * (1.12 + 0.07 * number), foot + h * 0.007 * number
        cv.trapeze(x, (y, reach), (y + h * 0.008, reach), mix(pale, light.shade, 0.1 + 0.06 * number))


def school(cv: Canvas, seed: int) -> Image.Image:
    light = light_of(seed)
    w, h = cv.size
    foot = h * 0.72
    sky(cv, light, 0.6)
    ridge(cv, light, h * 0.62, h * 0.36, 0.2, step=h * 0.36, snowline=0.42)
    haze_band(cv, light, 0.6, 0.1, 0.5)
    trees(cv, light, foot, [(-20, w + 20, h * 0.14)], 0.5)
    _facade(cv, light, foot)
    lawn(cv, light, foot)
    stone = mix(mix((210, 202, 190), light.sun, 0.15), light.shade, 0.1)
    cv.poly(
        [
            (w * 0.5 - h * 0.17, foot),
            (w * 0.5 + h * 0.17, foot),
            (w * 0.5 + h * 0.62, h),
            (w * 0.5 - h * 0.62, h),
        ],
        stone,
    )
    joints = [[(w * 0.5 + h * 0.17 * i / 4, foot), (w * 0.5 + h * 0.62 * i / 4, h)] for i in range(-4, 5)]
    cross = [
        [(w * 0.5 - h * 0.62, y), (w * 0.5 + h * 0.62, y)]
        for y in (foot + (h - foot) * (i / 7) ** 1.7 for i in range(1, 7))
    ]
    cv.lines(joints + cross[:3], mix(stone, light.shade, 0.35), 1.5, alpha=0.35)
    _porch(cv, light, foot)
    for side in (-1, 1):
        x = w * 0.5 + side * h * 0.3
        cv.lines([[(x, foot + h * 0.03), (x, foot - h * 0.42)]], mix((200, 200, 198), light.shade, 0.2), h * 0.005)
        cloth = waving(cv.rng, round(h * 0.07))
        cv.image.paste(cloth, (round(x), round(foot - h * 0.43)), cloth)
    trees(cv, light, foot + h * 0.05, [(-30, w * 0.09, h * 0.3), (w * 0.91, w + 30, h * 0.3)], 0.9)
    cv.image.paste(light.green_shade, (0, 0, w, h), ramp(cv.size, [(0, 0), (0.84, 0), (1, 110)]))
    cv.glow((w * light.sun_at[0], h * light.sun_at[1]), (w * 0.7, h * 0.6), light.sun, 0.22)
    return cv.finish(warmth=light.warmth)
