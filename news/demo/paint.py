"""Brushes for the demonstration pictures: gradients, noise, soft shapes, light and film grain."""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]
Stops = Sequence[tuple[float, Colour]]

WORK = 1640  # long side of the picture while it is being painted; enlarged at the end, under the grain
SMOOTH = 3  # shapes are drawn this many times larger, then reduced


def mix(first: Colour, second: Colour, share: float) -> Colour:
    share = min(1.0, max(0.0, share))
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


def _stop_colour(stops: Stops, place: float) -> Colour:
    for (low, first), (high, second) in pairwise(stops):
        if place <= high:
            return mix(first, second, (place - low) / max(high - low, 1e-6))
    return stops[-1][1]


def gradient(size: tuple[int, int], stops: Stops, *, across: bool = False) -> Image.Image:
    """A smooth gradient of several colours, downwards or across."""
    steps = 512
    strip = Image.new("RGB", (steps, 1) if across else (1, steps))
    strip.putdata([_stop_colour(stops, i / (steps - 1)) for i in range(steps)])
    return strip.resize(size, Image.Resampling.BICUBIC)


def ramp(size: tuple[int, int], stops: Sequence[tuple[float, int]], *, across: bool = False) -> Image.Image:
    """A gradient of strength (0-255), used as a mask."""
    return gradient(size, [(at, (value, value, value)) for at, value in stops], across=across).getchannel(0)


def clouds(rng: random.Random, size: tuple[int, int], cell: tuple[float, float], octaves: int = 6) -> Image.Image:
    """Fractal noise: the first octave has cells of the given width and height in pixels."""
    width, height = math.ceil(size[0] / cell[0]) + 1, math.ceil(size[1] / cell[1]) + 1
    total = Image.frombytes("L", (width, height), rng.randbytes(width * height))
    weight, sum_of_weights = 1.0, 1.0
    for _ in range(octaves - 1):
        width, height = min(width * 2, size[0]), min(height * 2, size[1])
        weight *= 0.56
        sum_of_weights += weight
        layer = Image.frombytes("L", (width, height), rng.randbytes(width * height))
        total = Image.blend(total.resize((width, height), Image.Resampling.BICUBIC), layer, weight / sum_of_weights)
    total = total.resize(size, Image.Resampling.BICUBIC)
    return total.point([min(255, max(0, round(128 + (value - 128) * 1.7))) for value in range(256)])


def threshold(image: Image.Image, centre: float, softness: float) -> Image.Image:
    """A soft step: dark below the centre, light above it."""
    return image.point(
        [round(255 / (1 + math.exp(max(-60.0, min(60.0, -(value - centre) / softness))))) for value in range(256)]
    )


def scale_mask(mask: Image.Image, share: float) -> Image.Image:
    return mask.point([round(value * share) for value in range(256)])


def relief(noise: Image.Image, shift: int, strength: float) -> Image.Image:
    """Noise folded into creases and lit from the left: 128 is level, lighter faces the light."""
    folded = noise.point([255 - abs(2 * value - 255) for value in range(256)])
    return ImageChops.subtract(folded, ImageChops.offset(folded, shift, shift // 3), 1.0 / strength, 128)


def grained(image: Image.Image, noise: Image.Image) -> Image.Image:
    """Grey noise laid over a picture as light and shade (128 changes nothing)."""
    return ImageChops.overlay(image, Image.merge("RGB", (noise, noise, noise)))


def trapeze(x: float, top: Point, low: Point) -> list[Point]:
    return [(x - top[1], top[0]), (x + top[1], top[0]), (x + low[1], low[0]), (x - low[1], low[0])]


def stencil(size: tuple[int, int], points: Sequence[Point]) -> Image.Image:
    full = Image.new("L", (size[0] * 2, size[1] * 2))
    ImageDraw.Draw(full).polygon([(x * 2, y * 2) for x, y in points], fill=255)
    return full.reduce(2)


class Canvas:
    """A picture in the making. Coordinates are pixels of the working size."""

    def __init__(self, size: tuple[int, int], seed: int) -> None:
        share = min(1.0, WORK / max(size))
        self.target = size
        self.w = max(2, round(size[0] * share))
        self.h = max(2, round(size[1] * share))
        self.rng = random.Random(f"{seed}:{size[0]}x{size[1]}")  # nosec B311 # pictures that are the same each time
        self.image = Image.new("RGB", (self.w, self.h))

    @property
    def size(self) -> tuple[int, int]:
        return (self.w, self.h)

    def _stencil(
        self, points: Iterable[Point], spread: float, paint: Callable[[ImageDraw.ImageDraw, int, int], None]
    ) -> tuple[Image.Image, tuple[int, int]] | None:
        """Draw enlarged in the smallest box around the points, and reduce."""
        xs, ys = zip(*points, strict=True)
        left, top = max(0, math.floor(min(xs) - spread)), max(0, math.floor(min(ys) - spread))
        right, bottom = (
            min(self.w, math.ceil(max(xs) + spread) + 1),
            min(self.h, math.ceil(max(ys) + spread) + 1),
        )
        if right <= left or bottom <= top:
            return None
        mask = Image.new("L", ((right - left) * SMOOTH, (bottom - top) * SMOOTH))
        paint(ImageDraw.Draw(mask), left, top)
        return mask.reduce(SMOOTH), (left, top)

    def _lay(self, mask: Image.Image, at: tuple[int, int], colour: Colour, blur: float, alpha: float) -> None:
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if alpha < 1:
            mask = scale_mask(mask, alpha)
        self.image.paste(colour, (at[0], at[1], at[0] + mask.width, at[1] + mask.height), mask)

    def poly(self, points: Sequence[Point], colour: Colour, *, blur: float = 0, alpha: float = 1) -> None:
        self.polys([points], colour, blur=blur, alpha=alpha)

    def rect(
        self, x0: float, y0: float, x1: float, y1: float, colour: Colour, *, blur: float = 0, alpha: float = 1
    ) -> None:
        self.polys([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]], colour, blur=blur, alpha=alpha)

    def trapeze(self, x: float, top: Point, low: Point, colour: Colour, *, blur: float = 0, alpha: float = 1) -> None:
        """Symmetrical about x; top and low are (height on the picture, half width)."""
        self.polys([trapeze(x, top, low)], colour, blur=blur, alpha=alpha)

    def polys(self, shapes: Sequence[Sequence[Point]], colour: Colour, *, blur: float = 0, alpha: float = 1) -> None:
        """Several shapes of one colour in one go."""

        def paint(pen: ImageDraw.ImageDraw, left: int, top: int) -> None:
            for shape in shapes:
                pen.polygon([((x - left) * SMOOTH, (y - top) * SMOOTH) for x, y in shape], fill=255)

        done = self._stencil([point for shape in shapes for point in shape], blur * 2.5, paint)
        if done:
            self._lay(*done, colour, blur, alpha)

    def ellipses(
        self,
        boxes: Sequence[tuple[float, float, float, float]],
        colour: Colour,
        *,
        blur: float = 0,
        alpha: float = 1,
    ) -> None:
        """Ellipses given as (centre x, centre y, radius x, radius y)."""

        def paint(pen: ImageDraw.ImageDraw, left: int, top: int) -> None:
            for x, y, rx, ry in boxes:
                corner = ((x - rx - left) * SMOOTH, (y - ry - top) * SMOOTH)
                pen.ellipse((*corner, (x + rx - left) * SMOOTH, (y + ry - top) * SMOOTH), fill=255)

        corners = [(x + sx * rx, y + sy * ry) for x, y, rx, ry in boxes for sx, sy in ((-1, -1), (1, 1))]
        done = self._stencil(corners, blur * 2.5, paint)
        if done:
            self._lay(*done, colour, blur, alpha)

    def lines(
        self,
        paths: Sequence[Sequence[Point]],
        colour: Colour,
        width: float,
        *,
        blur: float = 0,
        alpha: float = 1,
    ) -> None:

        def paint(pen: ImageDraw.ImageDraw, left: int, top: int) -> None:
            for path in paths:
                moved = [((x - left) * SMOOTH, (y - top) * SMOOTH) for x, y in path]
                pen.line(moved, fill=255, width=max(1, round(width * SMOOTH)), joint="curve")

        done = self._stencil([point for path in paths for point in path], width + blur * 2.5, paint)
        if done:
            self._lay(*done, colour, blur, alpha)

    def mask(self, points: Sequence[Point]) -> Image.Image:
        """A mask of the whole picture for one shape."""
        return stencil(self.size, points)

    def wash(self, colour: Colour, mask: Image.Image, at: tuple[int, int] = (0, 0)) -> None:
        self.image.paste(colour, (at[0], at[1], at[0] + mask.width, at[1] + mask.height), mask)

    def glow(self, centre: Point, radius: tuple[float, float], colour: Colour, strength: float) -> None:
        """Light added around a point, fading to nothing at the radius."""
        box = (
            round(centre[0] - radius[0]),
            round(centre[1] - radius[1]),
            round(centre[0] + radius[0]),
            round(centre[1] + radius[1]),
        )
        disc = Image.radial_gradient("L").point(
            [round(255 * strength * max(0.0, 1 - value / 181) ** 2.2) for value in range(256)]
        )
        disc = disc.resize((max(1, box[2] - box[0]), max(1, box[3] - box[1])), Image.Resampling.BILINEAR)
        light = Image.composite(Image.new("RGB", disc.size, colour), Image.new("RGB", disc.size), disc)
        area = self.image.crop(box)
        self.image.paste(ImageChops.screen(area, light), box[:2])

    def bloom(self, radius: float, strength: float) -> None:
        """Light spilling over from the bright parts."""
        small = self.image.reduce(4).point([round(max(0, value - 120) * 1.6 * strength) for value in range(256)] * 3)
        small = small.filter(ImageFilter.GaussianBlur(radius / 4)).resize(self.size, Image.Resampling.BICUBIC)
        self.image = ImageChops.screen(self.image, small)

    def blur(self, radius: float, mask: Image.Image | None = None) -> None:
        """Out of focus: everywhere, or where the mask is light."""
        small = self.image.reduce(2).filter(ImageFilter.GaussianBlur(radius / 2))
        self.image.paste(small.resize(self.size, Image.Resampling.BICUBIC), (0, 0), mask)

    def finish(self, *, warmth: Colour = (255, 250, 240), vignette: float = 0.22, grain: float = 0.16) -> Image.Image:
        """Enlarge, darken the corners, tint the light, add grain."""
        dark = (
            Image.radial_gradient("L")
            .point([round(255 - 255 * vignette * max(0.0, (value - 90) / 165) ** 1.6) for value in range(256)])
            .resize(self.size, Image.Resampling.BICUBIC)
        )
        light = Image.merge("RGB", [scale_mask(dark, part / 255) for part in warmth])
        image = ImageChops.multiply(self.image, light)
        image = image.resize(self.target, Image.Resampling.BICUBIC)
        return _film_grain(image, self.rng, grain)


def _film_grain(image: Image.Image, rng: random.Random, strength: float) -> Image.Image:
    width, height = image.size
    tile = (width // 2 + 1, height // 2 + 1)
    fine = Image.frombytes("L", tile, rng.randbytes(tile[0] * tile[1])).resize(image.size, Image.Resampling.BILINEAR)
    noise = fine.point([round(128 + (value - 128) * strength) for value in range(256)])
    return ImageChops.soft_light(image, Image.merge("RGB", (noise, noise, noise)))
