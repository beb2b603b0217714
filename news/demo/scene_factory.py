"""A weaving shop."""

from PIL import Image, ImageDraw

from .paint import Canvas, Colour, clouds, gradient, grained, mix, ramp, relief
from .perspective import Camera, Room, box, lay

AIR: Colour = (206, 210, 206)
DARK: Colour = (30, 24, 22)
CLOTHS: tuple[Colour, ...] = ((168, 62, 58), (70, 104, 128), (198, 168, 108), (92, 122, 96), (214, 206, 192))


def _sheet(cv: Canvas, eye: Camera, x: float, z: float, half: float, tones: tuple[Colour, Colour, Colour]) -> None:
    """The threads running down into the cloth, the cloth and its roll; tones: threads, cloth, shadow."""
    pale, hue, dark = tones
    ends = [((x + half * share, 1.32, z + 1.05), (x + half * share, 0.92, z + 0.1)) for share in (-1.0, 1.0)]
    cv.poly(eye.shape([ends[0][0], ends[1][0], ends[1][1], ends[0][1]]), pale)
    places = [x - half + half * 2 * number / 18 for number in range(19)]
    threads = [eye.shape([(place, 1.32, z + 1.05), (place, 0.92, z + 0.1)]) for place in places]
    cv.lines(threads, mix(hue, dark, 0.25), max(0.8, eye.scale(z) * 0.006), alpha=0.45)
    cv.poly(
        eye.shape([ends[0][1], ends[1][1], (x + half, 0.5, z), (x - half, 0.5, z)]),
        mix(hue, (255, 255, 255), 0.12),
    )
    unit, (px, py) = eye.scale(z), eye.at(x, 0.42, z)
    for step in range(7):
        tone = mix(mix(hue, (255, 255, 255), 0.3), mix(hue, dark, 0.65), abs(step / 6 - 0.25) * 1.25)
        y = py - unit * 0.17 + unit * 0.34 * step / 6
        cv.rect(px - unit * half, y, px + unit * half, y + unit * 0.06, tone)


def _loom(cv: Canvas, eye: Camera, x: float, z: float, cloth: Colour, fog: float) -> None:
    """One loom: frame, sheet of threads, roll of woven cloth, beam above."""
    steel, dark = mix((86, 104, 108), AIR, fog), mix((44, 52, 56), AIR, fog)
    pale, hue = mix((226, 222, 212), AIR, fog), mix(cloth, AIR, fog * 0.8)
    wide, deep = 0.95, 1.5
    shadow = [
        (x - 1.15, 0.0, z - 0.2),
        (x + 1.15, 0.0, z - 0.2),
        (x + 1.15, 0.0, z + deep),
        (x - 1.15, 0.0, z + deep),
    ]
    cv.poly(eye.shape(shadow), DARK, blur=8, alpha=0.4 * (1 - fog))
    box(cv, eye, (x - wide, 0.1, z + 0.82), (x + wide, 1.3, z + deep), (dark, steel, mix(dark, steel, 0.4)))
    _sheet(cv, eye, x, z, wide * 0.85, (pale, hue, dark))
    for at in (x - wide, x + wide):
        box(cv, eye, (at - 0.09, 0, z), (at + 0.09, 1.05, z + 0.9), (steel, mix(steel, pale, 0.4), dark))
        box(cv, eye, (at - 0.07, 1.0, z + 0.75), (at + 0.07, 1.85, z + 0.93), (steel, pale, dark))
    box(cv, eye, (x - wide, 1.72, z + 0.75), (x + wide, 1.86, z + 0.93), (mix(steel, pale, 0.3), pale, dark))


def _shed(cv: Canvas, eye: Camera, room: Room) -> None:
    """The hall of the factory: floor, roof lights, walls with high windows."""
    floor = gradient((500, 500), [(0, (196, 198, 192)), (0.6, (150, 152, 148)), (1, (104, 106, 106))])
    floor = grained(floor, relief(clouds(cv.rng, (500, 500), (120, 200), 5), 2, 0.4))
    pen = ImageDraw.Draw(floor)
    for x in (218, 282):
        pen.line((x, 0, x, 500), fill=(196, 170, 92), width=4)
    lay(cv, floor, eye.shape(room.level(0)))
    roof = gradient((400, 800), [(0, AIR), (1, (122, 130, 132))])
    pen = ImageDraw.Draw(roof)
    for y in range(0, 800, 66):
        pen.rectangle((0, y, 400, y + 10), fill=(98, 108, 112))
    for x in (70, 190, 310):
        pen.rectangle((x, 0, x + 24, 800), fill=(252, 250, 240))
    lay(cv, roof, eye.shape(room.level(room.high)))
    wall = gradient((800, 200), [(0, (188, 194, 192)), (1, (140, 146, 146))])
    pen = ImageDraw.Draw(wall)
    for x in range(10, 800, 50):
        pen.rectangle((x, 26, x + 36, 92), fill=(236, 242, 242))
        pen.line((x + 18, 26, x + 18, 92), fill=(150, 160, 162), width=2)
    for sign in (-1, 1):
        lay(cv, wall, eye.shape(room.side(sign)))
    cv.poly(eye.shape(room.end()), mix(AIR, (255, 252, 240), 0.5))


def factory(cv: Canvas, seed: int) -> Image.Image:
    """A weaving shop: rows of looms under roof lights."""
    focus = max(cv.w * 0.7, cv.h)
    eye = Camera(cv.w * (0.5 + cv.rng.uniform(-0.14, 0.14)), cv.h * 0.4, focus, cv.rng.uniform(2.1, 2.7))
    room = Room(8.0, 6.2, 1.4, 42.0)
    _shed(cv, eye, room)
    cv.glow(eye.at(0, 2.5, room.depth), (cv.w * 0.5, cv.h * 0.4), (255, 248, 228), 0.6)
    rows = (-6.1, 6.1, -3.6, 3.6) if seed % 2 else (-6.1, 6.1, -3.6, 3.6, -1.85, 1.85)
    for number in range(12):
        z = 35.0 - 2.7 * number
        for x in rows:
            _loom(cv, eye, x, z, cv.rng.choice(CLOTHS), min(0.85, (z - 4) / 38))
    for x, deep in ((x, deep) for x in (-4.9, 0.0, 4.9) for deep in (30.0, 22.0, 15.0, 10.0, 7.0)):
        (px, py), unit = eye.at(x, 5.3, deep), eye.scale(deep)
        cv.rect(px - unit * 0.5, py, px + unit * 0.5, py + unit * 0.06, (255, 252, 238))
        cv.glow((px, py), (unit * 1.6, unit * 1.2), (255, 248, 224), 0.35)
    cv.blur(6, ramp(cv.size, [(0, 0), (0.8, 0), (1, 255)]))
    cv.bloom(44, 0.3)
    return cv.finish(warmth=(252, 250, 244), vignette=0.3)
