"""A simple camera for rooms and fields, and flat pictures laid onto planes."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from .paint import Canvas, Colour, Point

Space = tuple[float, float, float]


@dataclass(frozen=True)
class Camera:
    """Looks straight ahead; metres: x to the right, y up, z into the distance."""

    centre: float
    horizon: float
    focus: float
    eye: float

    def at(self, x: float, y: float, z: float) -> Point:
        return (self.centre + self.focus * x / z, self.horizon + self.focus * (self.eye - y) / z)

    def scale(self, z: float) -> float:
        return self.focus / z

    def shape(self, points: Sequence[Space]) -> list[Point]:
        return [self.at(*point) for point in points]


@dataclass(frozen=True)
class Room:
    """A hall along the line of sight: half its width, its height, from where to where it is seen."""

    half: float
    high: float
    near: float
    depth: float

    def level(self, y: float, half: float | None = None) -> list[Space]:
        """A level surface, its far edge first."""
        x = self.half if half is None else half
        return [(-x, y, self.depth), (x, y, self.depth), (x, y, self.near), (-x, y, self.near)]

    def side(self, sign: int, inset: float = 0.0, top: float = 0.0, low: float = 0.0) -> list[Space]:
        x, high = sign * (self.half - inset), self.high - top
        first, last = (self.near, self.depth) if sign < 0 else (self.depth, self.near)
        return [(x, high, first), (x, high, last), (x, low, last), (x, low, first)]

    def end(self) -> list[Space]:
        h, z = self.high, self.depth
        return [(-self.half, h, z), (self.half, h, z), (self.half, 0, z), (-self.half, 0, z)]


def _solve(rows: list[list[float]]) -> list[float]:
    """Gaussian elimination of a small square system; each row ends with its right-hand side."""
    size = len(rows)
    for column in range(size):
        best = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        for row in range(size):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [rows[row][size] / rows[row][row] for row in range(size)]


def _coefficients(target: Sequence[Point], source: Sequence[Point]) -> list[float]:
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solve(rows)


def lay(cv: Canvas, flat: Image.Image, corners: Sequence[Point]) -> None:
    """Lay a flat picture onto a plane; corners clockwise from the upper left, also beyond the edges."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    left, top = max(0, int(min(xs))), max(0, int(min(ys)))
    right, bottom = min(cv.w, int(max(xs)) + 1), min(cv.h, int(max(ys)) + 1)
    if right <= left or bottom <= top:
        return
    size = (right - left, bottom - top)
    target = [(x - left, y - top) for x, y in corners]
    source = [(0, 0), (flat.width, 0), (flat.width, flat.height), (0, flat.height)]
    warp = _coefficients(target, source)
    picture = flat.convert("RGB").transform(size, Image.Transform.PERSPECTIVE, warp, Image.Resampling.BILINEAR)
    alpha = flat.getchannel("A") if flat.mode == "RGBA" else Image.new("L", flat.size, 255)
    mask = alpha.transform(size, Image.Transform.PERSPECTIVE, warp, Image.Resampling.BILINEAR)
    cv.image.paste(picture, (left, top), mask)


def box(cv: Canvas, eye: Camera, low: Space, high: Space, faces: tuple[Colour, Colour, Colour]) -> None:
    """A block standing in the room: colours of its front, its top and its visible side."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    front, top, side = faces
    if y1 < eye.eye:
        cv.poly(eye.shape([(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)]), top)
    if x0 > 0 or x1 < 0:
        x = x0 if x0 > 0 else x1
        cv.poly(eye.shape([(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)]), side)
    cv.poly(eye.shape([(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)]), front)
