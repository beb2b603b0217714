"""Sky, mountains, water and trees, shared by the outdoor scenes."""

import math
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .paint import Canvas, Colour, Point, clouds, gradient, mix, ramp, relief, scale_mask, stencil, threshold


@dataclass(frozen=True)
class Light:
    """The colours of one time of day."""

    top: Colour
    middle: Colour
    low: Colour
    haze: Colour
    sun: Colour
    cloud: Colour
    rock: Colour
    shade: Colour
    snow: Colour
    snow_shade: Colour
    green: Colour
    green_shade: Colour
    sun_at: tuple[float, float]
    warmth: Colour


DAWN = Light(
    (104, 131, 165),
    (178, 186, 196),
    (243, 214, 184),
    (219, 203, 196),
    (255, 222, 176),
    (250, 226, 206),
    (150, 128, 118),
    (70, 78, 104),
    (250, 232, 216),
    (142, 154, 186),
    (122, 124, 84),
    (52, 64, 62),
    (0.22, 0.46),
    (255, 248, 238),
)
DAY = Light(
    (72, 118, 168),
    (134, 172, 203),
    (212, 225, 228),
    (192, 208, 217),
    (255, 248, 226),
    (250, 251, 250),
    (140, 132, 118),
    (66, 82, 104),
    (247, 248, 246),
    (146, 170, 198),
    (118, 134, 78),
    (50, 74, 60),
    (0.2, 0.02),
    (255, 252, 245),
)
DUSK = Light(
    (58, 74, 112),
    (130, 126, 150),
    (232, 184, 146),
    (172, 154, 164),
    (255, 196, 136),
    (226, 182, 162),
    (128, 108, 106),
    (48, 54, 82),
    (238, 212, 200),
    (112, 122, 162),
    (94, 94, 74),
    (36, 46, 56),
    (0.24, 0.5),
    (255, 247, 240),
)
TIMES = (DAWN, DAY, DUSK)


def light_of(seed: int) -> Light:
    return TIMES[seed % 3]


def sky(cv: Canvas, light: Light, horizon: float, cloudiness: float = 1.0) -> None:
    """The sky, its glow and its clouds, down to the horizon (a share of the height)."""
    cv.image.paste(
        gradient(cv.size, [(0, light.top), (horizon * 0.55, light.middle), (horizon, light.low), (1, light.haze)])
    )
    sun = (cv.w * light.sun_at[0], cv.h * light.sun_at[1])
    reach = max(cv.w, cv.h)
    cv.glow(sun, (reach * 0.8, reach * 0.55), light.sun, 0.5)
    height = max(2, round(cv.h * horizon))
    noise = clouds(cv.rng, (cv.w, height), (cv.h * 0.62, cv.h * 0.15), 6)
    veil = threshold(noise, 150 - 14 * cloudiness, 17)
    fade = ramp((cv.w, height), [(0, 90), (0.5, 200), (0.86, 120), (1, 0)])
    mask = scale_mask(ImageChops.multiply(veil, fade), 0.72 * cloudiness)
    under = ImageChops.offset(mask, 0, round(cv.h * 0.012))
    cv.wash(mix(light.middle, light.shade, 0.16), scale_mask(under, 0.5))
    cv.wash(light.cloud, mask)


def _jagged(cv: Canvas, start: Point, end: Point, rough: float, depth: int) -> list[Point]:
    """Points after the start up to the end, broken by midpoint displacement."""
    if depth == 0 or abs(end[0] - start[0]) < 3:
        return [end]
    reach = end[0] - start[0]
    middle = (start[0] + reach * cv.rng.uniform(0.35, 0.65), 0.0)
    share = (middle[0] - start[0]) / reach if reach else 0.5
    middle = (middle[0], start[1] + (end[1] - start[1]) * share + cv.rng.gauss(0, 1) * rough * abs(reach))
    return _jagged(cv, start, middle, rough, depth - 1) + _jagged(cv, middle, end, rough, depth - 1)


def crest(cv: Canvas, base: float, height: float, step: float, rough: float) -> tuple[list[Point], list[int]]:
    """A ridge line from edge to edge, and the places of its peaks and saddles in turn."""
    rng, x = cv.rng, -step * cv.rng.uniform(0.3, 1.0)
    summit = rng.uniform(0.25, 0.75) * cv.w
    line: list[Point] = [(x, base - height * rng.uniform(0.2, 0.5))]
    turns, up = [0], True
    while x < cv.w + step:
        x += step * rng.uniform(0.3, 1.15)
        lift = 0.5 + 0.5 * math.exp(-(((x - summit) / (0.3 * cv.w)) ** 2))
        rise = lift * rng.uniform(0.7, 1.0) if up else lift * rng.uniform(0.4, 0.75)
        line += _jagged(cv, line[-1], (x, base - height * rise), rough, 7)
        turns.append(len(line) - 1)
        up = not up
    return line, turns


def _descent(cv: Canvas, start: Point, floor: float, lean: float) -> list[Point]:
    path, (x, y) = [start], start
    step = max(5.0, (floor - y) / 22)
    sway = lean
    while y < floor:
        y += step * cv.rng.uniform(0.5, 1.4)
        sway = 0.5 * sway + 0.5 * lean + cv.rng.gauss(0, 0.5)
        x += sway * step
        path.append((x, y))
    return path


def _shadow_sides(cv: Canvas, size: tuple[int, int], line: list[Point], turns: list[int]) -> Image.Image:
    """Slopes turned away from the light, as a mask: from each peak's spur to the next saddle's gully."""
    mask = Image.new("L", size, 40)
    pen = ImageDraw.Draw(mask)
    for number in range(1, len(turns) - 1, 2):
        peak, saddle = turns[number], turns[number + 1]
        spur = _descent(cv, line[peak], size[1], cv.rng.uniform(-0.2, 0.35))
        gully = _descent(cv, line[saddle], size[1], cv.rng.uniform(0.1, 0.6))
        pen.polygon(spur + gully[::-1] + line[peak:saddle][::-1], fill=215)
        for lit, first, last in ((False, turns[number - 1], peak), (True, peak, saddle)):
            for _ in range(5):
                start = line[cv.rng.randrange(first, last + 1)]
                start = (start[0], start[1] + cv.rng.uniform(0, 0.25) * size[1])
                rib = _descent(cv, start, start[1] + size[1] * cv.rng.uniform(0.2, 0.5), 0.5 if lit else -0.5)
                wide = [(x + (y - start[1]) * cv.rng.uniform(0.1, 0.22), y) for x, y in rib]
                pen.polygon(rib + wide[::-1], fill=110 if lit else 150)
    return mask.filter(ImageFilter.GaussianBlur(max(1.0, cv.h / 380)))


def _snow(size: tuple[int, int], noise: Image.Image, shade: Image.Image, line: float) -> Image.Image:
    """Where the snow lies: above its line, lower in the shade; the line is a share of the box's height."""
    fall = ramp(size, [(0, 255), (max(0.01, line - 0.2), 205), (max(0.02, line), 128), (line + 0.3, 40), (1.5, 0)])
    hold = Image.blend(noise, shade, 0.45)
    return threshold(Image.blend(fall, hold, 0.42), 124, 3.5)


def ridge(
    cv: Canvas,
    light: Light,
    base: float,
    height: float,
    near: float,
    *,
    step: float | None = None,
    snowline: float | None = None,
    green: float = 0.0,
    rough: float = 0.2,
) -> list[Point]:
    """One range of mountains. near: 0 far in the haze, 1 close. Returns its crest."""
    line, turns = crest(cv, base, height, step or height * 1.1, rough)
    top = max(0, math.floor(min(y for _, y in line)))
    size = (cv.w, max(8, min(cv.h, round(base + height * 0.6)) - top))
    local = [(x, y - top) for x, y in line]
    outline = stencil(size, [(-9, size[1]), *local, (cv.w + 9, size[1])])
    noise = clouds(cv.rng, size, (height * 0.34, height * 0.5), 7)
    slopes = _shadow_sides(cv, size, local, turns)
    shade = ImageChops.subtract(slopes, relief(noise, max(2, round(cv.h / 300)), 0.9), 1.0, 118)
    veil = 0.8 - 0.74 * near
    body = Image.composite(
        Image.new("RGB", size, mix(mix(light.shade, light.green_shade, green), light.haze, veil)),
        Image.new("RGB", size, mix(mix(light.rock, light.green, green), light.haze, veil)),
        shade,
    )
    if snowline is not None:
        white = Image.composite(
            Image.new("RGB", size, mix(light.snow_shade, light.haze, veil * 0.8)),
            Image.new("RGB", size, mix(light.snow, light.haze, veil * 0.55)),
            shade,
        )
        body.paste(white, (0, 0), _snow(size, noise, shade, (cv.h * snowline - top) / size[1]))
    mist = ramp(size, [(0, 0), (0.4, 0), (1, round(205 - 150 * near))])
    body.paste(Image.new("RGB", size, light.haze), (0, 0), mist)
    cv.image.paste(body, (0, top), outline)
    return line


def haze_band(cv: Canvas, light: Light, at: float, reach: float, strength: float) -> None:
    """Mist lying across the valley."""
    low, high = max(0.001, at - reach), min(0.999, at + reach)
    band = ramp(cv.size, [(0, 0), (low, 0), (at, round(255 * strength)), (high, 0), (1, 0)])
    noise = clouds(cv.rng, cv.size, (cv.h * 0.8, cv.h * 0.2), 4)
    cv.wash(light.haze, ImageChops.multiply(band, threshold(noise, 110, 40)))


def water(cv: Canvas, light: Light, shore: float, *, calm: float = 1.0) -> None:
    """Everything above the shore line (a share of the height) mirrored below it."""
    edge = round(cv.h * shore)
    depth = cv.h - edge
    mirror = cv.image.crop((0, max(0, edge - depth), cv.w, edge)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mirror = mirror.resize((cv.w, depth)).filter(ImageFilter.GaussianBlur(cv.h / 500 + (1 - calm) * 5))
    streaks = clouds(cv.rng, (cv.w, depth), (cv.h * 0.5, cv.h * 0.016), 4)
    shifted = ImageChops.offset(mirror, round(cv.h * 0.006), round(cv.h * 0.004))
    mirror.paste(shifted, (0, 0), threshold(streaks, 128, 9))
    deep = mix(light.top, light.green_shade, 0.45)
    tint = ramp((cv.w, depth), [(0, 50), (0.3, 70), (1, 165)])
    mirror.paste(Image.new("RGB", mirror.size, deep), (0, 0), tint)
    cv.image.paste(mirror, (0, edge))
    shine = ImageChops.multiply(threshold(streaks, 158, 8), ramp((cv.w, depth), [(0, 150), (0.5, 60), (1, 30)]))
    cv.wash(light.low, scale_mask(shine, 0.5), (0, edge))
    cv.lines([[(0, edge), (cv.w, edge)]], mix(light.haze, light.low, 0.5), cv.h / 500, blur=1.6, alpha=0.6)


def _crowns(
    cv: Canvas, size: tuple[int, int], foot: float, spans: list[tuple[float, float, float]]
) -> tuple[Image.Image, list[list[Point]]]:
    """The crowns of trees as a ragged mask, and their trunks."""
    mask, trunks = Image.new("L", size), []
    pen = ImageDraw.Draw(mask)
    for start, end, height in spans:
        x = start
        while x < end:
            tall = height * cv.rng.uniform(0.65, 1.05)
            trunks.append([(x, foot), (x + cv.rng.uniform(-0.03, 0.03) * tall, foot - tall * 0.6)])
            for _ in range(70):
                up = cv.rng.betavariate(2.2, 2.0)
                reach = 0.34 * math.sin(math.pi * min(0.97, 0.16 + 0.82 * up)) ** 0.7
                cx = x + cv.rng.gauss(0, 0.5) * reach * tall
                cy = foot - tall * (0.2 + 0.78 * up)
                radius = tall * cv.rng.uniform(0.02, 0.075)
                pen.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=255)
            x += tall * cv.rng.uniform(0.34, 0.75)
    return mask, trunks


def trees(cv: Canvas, light: Light, foot: float, spans: list[tuple[float, float, float]], near: float) -> None:
    """Trees standing on a line; each span is (from x, to x, height) in pixels."""
    tall = max(height for _, _, height in spans)
    top = max(0, round(foot - tall * 1.2))
    size = (cv.w, min(cv.h, round(foot + tall * 0.1)) - top)
    mask, trunks = _crowns(cv, size, foot - top, spans)
    noise = clouds(cv.rng, size, (tall * 0.16, tall * 0.12), 4)
    soft = mask.filter(ImageFilter.GaussianBlur(tall * 0.07))
    shift = max(1, round(tall * 0.06))
    sides = ImageChops.subtract(soft, ImageChops.offset(soft, shift, shift), 0.9, 108)
    bright = ImageChops.add(sides, relief(noise, max(1, shift // 2), 0.9), 1.0, -128)
    veil = 0.55 * (1 - near)
    leaf = mix(mix(mix(light.green, light.sun, 0.2), light.green_shade, 0.2), light.haze, veil)
    body = Image.composite(
        Image.new("RGB", size, leaf), Image.new("RGB", size, mix(light.green_shade, light.haze, veil)), bright
    )
    bark = mix(mix(light.rock, light.shade, 0.6), light.haze, veil)
    cv.lines([[(x, y + top) for x, y in trunk] for trunk in trunks], bark, max(1.2, tall * 0.022))
    ragged = ImageChops.multiply(
        mask.filter(ImageFilter.GaussianBlur(max(0.7, tall * 0.008))),
        threshold(ImageChops.add(noise, soft, 1.0, -70), 120, 9),
    )
    cv.image.paste(body, (0, top), ragged)
