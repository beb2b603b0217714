"""Pictures: refused with a sentence, or taken in upright, bare, and in every width and format."""

import io
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from news import images
from news.models import Photo
from portal.roles import PRESS_CHIEF
from tests.news import factories
from tests.news.desk import ADD, Desk, errors

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

BLUE, YELLOW = (20, 40, 200), (240, 220, 40)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'


def bomb():
    """A PNG whose header promises 20000 × 20000 pixels."""

    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (20000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


def truncated(kind):
    content = factories.picture((300, 200), kind).read()
    return content[: len(content) // 2]


REFUSED = {
    "an empty file": (b"", "a.jpg"),
    "text": (b"Not a picture at all.", "a.jpg"),
    "a page with a picture's name": (b"<html><script>alert(1)</script></html>", "a.png"),
    "SVG": (SVG, "a.svg"),
    "SVG with a picture's name": (SVG, "a.jpg"),
    "PDF": (b"%PDF-1.4\n%%EOF", "a.jpg"),
    "TIFF": (lambda: factories.picture((30, 20), "TIFF").read(), "a.jpg"),
    "GIF": (lambda: factories.picture((30, 20), "GIF").read(), "a.gif"),
    "BMP with another name": (lambda: factories.picture((30, 20), "BMP").read(), "a.png"),
    "a truncated JPEG": (lambda: truncated("JPEG"), "a.jpg"),
    "a truncated PNG": (lambda: truncated("PNG"), "a.png"),
    "a bomb": (bomb, "a.png"),
    "an executable with a picture's name": (b"MZ" + b"\x00" * 500, "a.jpg"),
}


AT_THE_DESK = ["an empty file", "text", "SVG", "GIF", "a truncated JPEG", "a bomb"]


@pytest.mark.parametrize(("content", "name"), [REFUSED[what] for what in AT_THE_DESK], ids=AT_THE_DESK)
def test_the_press_desk_refuses_what_is_not_a_good_picture_with_a_sentence(content, name):
    desk = Desk(factories.staff(PRESS_CHIEF))
    content = content() if callable(content) else content
    typed = {
        "starts_at_0": "10.01.2022", "starts_at_1": "13:45", "categories": [str(factories.category().pk)],
        "new_photos": SimpleUploadedFile(name, content),
    }  # fmt: skip
    said = errors(desk.send(ADD, typed))
    assert said and all(f">{name}: " in sentence for sentence in said)
    assert not Photo.objects.exists()


@pytest.mark.parametrize(("content", "name"), REFUSED.values(), ids=REFUSED)
def test_the_rule_itself_refuses_it(content, name):
    with pytest.raises(ValidationError):
        images.validate_picture(ContentFile(content() if callable(content) else content, name=name))


def test_a_file_that_is_too_large_is_refused_by_its_size(monkeypatch):
    monkeypatch.setattr(images, "MAX_BYTES", 1000)
    with pytest.raises(ValidationError) as refused:
        images.validate_picture(factories.picture((300, 200)))
    assert refused.value.code == "too_large"


def test_a_picture_of_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MAX_PIXELS", 1000)
    with pytest.raises(ValidationError) as refused:
        images.validate_picture(factories.picture((40, 30)))
    assert refused.value.code == "too_many_pixels"


def take_in(file):
    """Judge and keep a picture as the press desk does; returns the photo, its original and its largest JPEG."""
    images.validate_picture(file)
    photo = factories.photo(factories.report().event, file)
    photo.refresh_from_db()
    with photo.image.open() as kept:
        original = Image.open(io.BytesIO(kept.read()))
    return photo, original, rendition(photo)


def rendition(photo, width=None, kind="jpeg"):
    width = width or images.widths(photo.width)[-1]
    response = Client().get(images.rendition_url(photo.token, width, kind))
    assert response.status_code == 200
    return Image.open(io.BytesIO(response.getvalue())).convert("RGB")


def near(pixel, wanted, distance=24):
    return all(abs(one - other) <= distance for one, other in zip(pixel, wanted, strict=True))


def looks_right(picture):
    """Blue above and yellow below."""
    middle = picture.width // 2
    return near(picture.getpixel((middle, 4)), BLUE) and near(picture.getpixel((middle, picture.height - 5)), YELLOW)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("PNG", "RGB"), ("WEBP", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGBA"), ("MPO", "RGB")],
)
def test_a_picture_of_each_accepted_kind_is_rendered(kind, mode):
    """MPO is what many telephones write into a .jpg: a JPEG with a second picture behind the first."""
    more = {"save_all": True, "append_images": [Image.new("RGB", (30, 20))]} if kind == "MPO" else {}
    file = factories.picture((90, 60), kind, mode, **more)
    file.name = "DSC_0042.jpg" if kind == "MPO" else file.name
    photo, original, shown = take_in(file)
    assert (photo.width, photo.height) == original.size == shown.size == (90, 60)
    assert looks_right(shown)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(orientation):
    turned = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    upright = Image.open(factories.picture((90, 60), "PNG"))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = upright if turned is None else upright.transpose(Image.Transpose(turned))
    photo, original, shown = take_in(factories.upload(stored, exif=exif, quality=95))
    assert (photo.width, photo.height) == original.size == shown.size == (90, 60)
    assert looks_right(shown) and looks_right(original)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_metadata_is_gone_from_the_original_and_from_every_rendition(kind):
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 33.0, 36.0)})
    options = {"exif": exif, "xmp": b"<x>CameraMaker</x>"}
    if kind == "JPEG":
        options["comment"] = b"CameraMaker"
    if kind == "PNG":
        options = {"exif": exif, "pnginfo": PngImagePlugin.PngInfo()}
        options["pnginfo"].add_text("Author", "CameraMaker")
    file = factories.picture((60, 40), kind, **options)
    assert b"CameraMaker" in file.read()
    photo, original, _shown = take_in(file)
    assert not original.getexif()
    with photo.image.open() as kept:
        assert b"CameraMaker" not in kept.read()
    for form in images.FORMATS:
        content = Client().get(images.rendition_url(photo.token, 60, form)).getvalue()
        assert b"CameraMaker" not in content and not Image.open(io.BytesIO(content)).getexif()


def test_a_picture_with_a_damaged_exif_part_is_taken_in():
    _photo, original, shown = take_in(factories.picture((90, 60), exif=b"Exif\x00\x00garbage, not a TIFF header"))
    assert looks_right(shown) and not original.getexif()


def test_what_is_transparent_becomes_white_for_readers():
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    image.paste((*BLUE, 255), (0, 0, 60, 20))
    _photo, original, shown = take_in(factories.upload(image, "PNG"))
    assert original.mode == "RGBA"
    assert near(shown.getpixel((30, 35)), (255, 255, 255)) and near(shown.getpixel((30, 4)), BLUE)


def test_what_is_transparent_in_a_palette_becomes_white_for_readers():
    image = Image.new("P", (60, 40), 0)
    image.putpalette([0, 0, 0, *BLUE])
    image.paste(1, (0, 0, 60, 20))
    _photo, _original, shown = take_in(factories.upload(image, "PNG", transparency=0))
    assert near(shown.getpixel((30, 35)), (255, 255, 255)) and near(shown.getpixel((30, 4)), BLUE)


def test_a_picture_for_print_in_four_inks_keeps_its_colours():
    _photo, _original, shown = take_in(factories.picture((90, 60), "JPEG", "CMYK", quality=95))
    assert looks_right(shown)


@pytest.mark.parametrize("mode", ["L", "1", "LA"])
def test_a_picture_without_colours_stays_grey(mode):
    image = Image.new("L", (60, 40), 255)
    image.paste(0, (0, 20, 60, 40))
    _photo, _original, shown = take_in(factories.upload(image.convert(mode), "PNG"))
    assert near(shown.getpixel((30, 4)), (255, 255, 255)) and near(shown.getpixel((30, 35)), (0, 0, 0))


def test_a_picture_of_16_bits_keeps_its_greys():
    image = Image.new("I;16", (60, 40), 0x8000)
    _photo, _original, shown = take_in(factories.upload(image, "PNG"))
    assert near(shown.getpixel((30, 20)), (128, 128, 128), 4)


@pytest.mark.parametrize(
    ("width", "kept"),
    [
        (1, [1]), (300, [300]), (480, [480]), (481, [480, 481]), (800, [480, 800]), (1200, [480, 800, 1200]),
        (1300, [480, 800, 1200, 1300]), (1920, [480, 800, 1200, 1920]), (2400, [480, 800, 1200, 1920]),
    ],
)  # fmt: skip
def test_the_widths_are_a_closed_list_and_nothing_is_enlarged(width, kept):
    assert images.widths(width) == kept


def test_a_small_picture_is_kept_in_its_own_width(settings):
    photo, _original, shown = take_in(factories.picture((300, 200)))
    assert shown.size == (300, 200)
    names = sorted(path.name for path in (settings.MEDIA_ROOT / "photos" / photo.token).iterdir())
    assert names == ["300.avif", "300.jpeg", "300.webp"]


@pytest.mark.parametrize("size", [(1, 1), (2000, 1), (1, 2000)])
def test_an_extreme_shape_is_rendered(size):
    photo, _original, _shown = take_in(factories.picture(size, "PNG"))
    for width in images.widths(photo.width):
        assert rendition(photo, width, "webp").width == width


def test_another_picture_gets_other_addresses_and_a_new_caption_does_not():
    photo = factories.photo(factories.report().event)
    first = photo.token, photo.largest_url
    photo.caption_en = "New words"
    photo.save()
    assert (photo.token, photo.largest_url) == first
    photo.image = factories.picture((90, 60), "PNG")
    photo.save()
    photo.refresh_from_db()
    assert photo.token != first[0] and (photo.width, photo.height) == (90, 60)
    assert photo.largest_url.endswith(f"/{photo.token}/90.jpeg")
    assert looks_right(rendition(photo))


def test_no_file_stays_open_behind_a_picture_that_was_taken_in():
    assert factories.photo(factories.event()).image.closed
