"""A real OCR, with the usual clean-up before it, hardly ever reads the picture."""

import io
import os
import subprocess

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from appeals import captcha

pytestmark = [pytest.mark.ocr, pytest.mark.slow]
PICTURES = 200


def threshold(image: Image.Image) -> Image.Image:
    return image.point(lambda value: 255 if value > 128 else 0)


def opened(image: Image.Image, size: int) -> Image.Image:
    """Dark strokes thinner than ``size`` are gone."""
    return threshold(image).filter(ImageFilter.MaxFilter(size)).filter(ImageFilter.MinFilter(size))


def closed(image: Image.Image, size: int) -> Image.Image:
    """Light strokes thinner than ``size`` are gone."""
    return threshold(image).filter(ImageFilter.MinFilter(size)).filter(ImageFilter.MaxFilter(size))


def without_patches(image: Image.Image) -> Image.Image:
    """Ink is what differs from the shade around it."""
    around = threshold(image.filter(ImageFilter.GaussianBlur(12)))
    return ImageOps.invert(ImageChops.difference(image, around))


PIPELINES = {
    "as it is": (lambda image: image, 2, "7"),
    "threshold": (threshold, 2, "8"),
    "median": (lambda image: threshold(image.filter(ImageFilter.MedianFilter(5))), 3, "7"),
    "opened": (lambda image: opened(image, 3), 2, "7"),
    "opened and closed": (lambda image: closed(opened(image, 3), 3), 2, "13"),
    "without patches": (lambda image: without_patches(image).filter(ImageFilter.MedianFilter(3)), 2, "7"),
}


def read(images: list[Image.Image], folder, mode: str) -> list[str]:
    paths = []
    for number, image in enumerate(images):
        paths.append(str(folder / f"{number}.png"))
        ImageOps.expand(image, 20, fill=255).save(paths[-1])
    names = folder / "names"
    names.write_text("\n".join(paths) + "\n")
    done = subprocess.run(
        ["tesseract", names, "-", "--psm", mode, "-c", "tessedit_char_whitelist=0123456789"],
        capture_output=True, text=True, check=True, env=os.environ | {"OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    return ["".join(page.split()) for page in done.stdout.split("\f")][: len(images)]


def larger(image: Image.Image, times: int) -> Image.Image:
    return image.resize((image.width * times, image.height * times), Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def pictures():
    challenges = [captcha.digits()[0] for _ in range(PICTURES)]
    return [(text, Image.open(io.BytesIO(captcha.draw(text))).convert("L")) for text in challenges]


# Ink and paper change places within the picture, so turning all of it round helps little: two ways do.
WAYS = [(name, False) for name in PIPELINES] + [("as it is", True), ("without patches", True)]


@pytest.mark.parametrize(("name", "inverted"), WAYS)
def test_an_ocr_reads_hardly_any_picture(pictures, tmp_path, name, inverted):
    clean, times, mode = PIPELINES[name]
    images = [larger(clean(image), times) for _text, image in pictures]
    answers = read([ImageOps.invert(image) for image in images] if inverted else images, tmp_path, mode)
    solved = sum(answer == text for answer, (text, _image) in zip(answers, pictures, strict=True))
    assert solved < PICTURES * 0.05


def test_the_ocr_reads_plain_digits(tmp_path):
    font = ImageFont.truetype("portal/fonts/portal-sans-400.ttf", 66)
    images = []
    for number in range(10):
        image = Image.new("L", (captcha.WIDTH, captcha.HEIGHT), 255)
        ImageDraw.Draw(image).text((20, 10), f"{number * 98765 + 123456}", font=font, fill=20)
        images.append(larger(image, 2))
    answers = read(images, tmp_path, "7")
    assert sum(answer == f"{number * 98765 + 123456}" for number, answer in enumerate(answers)) >= 8
