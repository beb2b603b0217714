"""Pictures for the demonstration content, painted by rule: one scene, seed and size, one picture."""

from collections.abc import Callable

from PIL import Image

from .paint import Canvas
from .scene_factory import factory
from .scene_hall import hall
from .scene_library import library
from .scene_podium import podium
from .scene_school import school
from .scenes_outdoor import bridge, dam, field, lake, mountains
from .scenes_town import city, flags

SCENES: dict[str, Callable[[Canvas, int], Image.Image]] = {
    "bridge": bridge,
    "city": city,
    "dam": dam,
    "factory": factory,
    "field": field,
    "flags": flags,
    "hall": hall,
    "lake": lake,
    "library": library,
    "mountains": mountains,
    "podium": podium,
    "school": school,
}


def draw(scene: str, seed: int, size: tuple[int, int]) -> Image.Image:
    """Paint a scene as an RGB picture of the given size."""
    return SCENES[scene](Canvas(size, seed), seed)
