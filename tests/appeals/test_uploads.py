"""What is attached is known by its content."""

import io

import pytest
from PIL import Image

from appeals import uploads
from tests.appeals.citizen import picture, upload


def test_a_signature_is_kept_small_and_without_metadata():
    image = Image.effect_noise((4000, 1500), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    taken = uploads.read_signature(file)
    kept = Image.open(io.BytesIO(taken.content))
    assert (kept.format, kept.size, taken.content_type) == ("PNG", (1600, 600), "image/png")
    assert not kept.getexif()


def test_a_transparent_drawing_is_put_on_white_paper():
    image = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    image.paste((0, 0, 90, 255), (40, 40, 200, 50))
    kept = Image.open(io.BytesIO(uploads.read_signature(upload(image)).content))
    assert kept.getpixel((0, 0)) == 255
    assert kept.getpixel((50, 45)) < 60


def test_a_transparent_nothing_is_blank():
    with pytest.raises(uploads.Refused, match="blank"):
        uploads.read_signature(upload(Image.new("RGBA", (300, 100), (0, 0, 0, 0))))


def test_a_telephones_double_picture_is_a_jpeg():
    file = io.BytesIO()
    first, second = Image.effect_noise((64, 48), 60), Image.effect_noise((32, 24), 60)
    first.save(file, "MPO", save_all=True, append_images=[second])
    assert uploads.read_attachment(file).content_type == "image/jpeg"
    assert uploads.read_signature(file).content_type == "image/png"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_signatures_come_as_common_pictures(kind):
    assert uploads.read_signature(picture(kind=kind)).content_type == "image/png"
