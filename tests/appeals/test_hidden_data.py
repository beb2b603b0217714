"""Hidden data leave a picture, and nothing that one sees changes."""

import io
import struct

import pytest
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from appeals import uploads

PLACE, CAMERA = "Khujand-40.2833", "Camera of Rahimov"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif(orientation: int = 1) -> Image.Exif:
    """As a telephone writes it: camera, place and time of the shot."""
    data = Image.Exif()
    data[0x010F], data[0x0112], data[0x0132] = CAMERA, orientation, "2026:11:27 08:00:00"
    data.get_ifd(0x8825).update({1: "N", 2: (40.0, 17.0, 0.0), 3: "E", 4: (69.0, 37.0, 0.0), 29: PLACE})
    return data


def photo(kind: str, orientation: int = 1, **options) -> bytes:
    image = Image.effect_noise((96, 64), 60).convert("RGB")
    image.putpixel((0, 0), (255, 0, 0))
    out = io.BytesIO()
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Author", CAMERA)
        options["pnginfo"].add_itxt("Place", PLACE)
    if kind == "JPEG":
        options |= {"comment": CAMERA.encode(), "xmp": f"<x>{PLACE}</x>".encode()}
    if kind == "WEBP":
        options |= {"xmp": f"<x>{PLACE}</x>".encode(), "lossless": True}
    image.save(out, kind, exif=exif(orientation), icc_profile=PROFILE, **options)
    return out.getvalue()


def strip(content: bytes) -> bytes:
    taken = uploads.read_attachment(io.BytesIO(content))
    assert taken.hidden_data == uploads.REMOVED
    return taken.content


def pixels(content: bytes) -> bytes:
    return ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB").tobytes()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 100, "subsampling": 0}])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_jpeg_loses_place_and_camera_and_keeps_pixels_colours_and_orientation(orientation, options):
    check(photo("JPEG", orientation, **options), orientation)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_so_does_a_png_and_a_webp(kind, orientation):
    check(photo(kind, orientation), orientation)


def check(before: bytes, orientation: int) -> None:
    assert PLACE.encode() in before and CAMERA.encode() in before
    after = strip(before)
    assert PLACE.encode() not in after and CAMERA.encode() not in after
    kept = Image.open(io.BytesIO(after))
    data = kept.getexif()
    assert set(data) == ({0x0112} if orientation != 1 else set())
    assert data.get(0x0112, 1) == orientation
    assert not data.get_ifd(0x8825)
    assert kept.info["icc_profile"] == PROFILE
    assert not {"xmp", "comment", "Author", "Place"} & set(kept.info)
    assert pixels(after) == pixels(before)
    assert strip(after) == after, "stripping once is enough"


def test_the_compressed_pixels_of_a_jpeg_are_the_same_bytes():
    before = photo("JPEG")
    after = strip(before)
    scan = before[before.index(b"\xff\xda") :]
    assert len(scan) > 1000
    assert after.endswith(scan)


def test_what_telephones_append_to_a_picture_goes_too():
    out = io.BytesIO()
    first, second = (Image.effect_noise((64, 48), 60).convert("RGB") for _ in range(2))
    second.info["exif"] = exif().tobytes()
    first.save(out, "MPO", save_all=True, append_images=[second], exif=exif())
    before = out.getvalue() + b"MotionPhoto_Data" + PLACE.encode()
    after = strip(before)
    assert b"MPF\0" not in after and PLACE.encode() not in after and CAMERA.encode() not in after
    assert after.count(b"\xff\xd8\xff") == 1
    assert pixels(after) == pixels(before)


def test_what_hides_between_segments_or_in_the_small_preview_goes_too():
    before = photo("JPEG")
    length = struct.unpack_from(">H", before, 4)[0]
    assert before[2:4] == b"\xff\xe0"
    preview = before[6 : 4 + length - 2] + b"\x05\x02" + PLACE.encode().ljust(30)
    jfif = b"\xff\xe0" + struct.pack(">H", len(preview) + 2) + preview
    after = strip(before[:2] + jfif + before[4 + length :])
    assert PLACE.encode() not in after
    assert pixels(after) == pixels(before)


def test_moving_pictures_still_move():
    frames = [Image.effect_noise((32, 24), 60).convert("RGB") for _ in range(3)]
    for kind in ("PNG", "WEBP"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100, exif=exif())
        after = strip(out.getvalue())
        assert Image.open(io.BytesIO(after)).n_frames == 3
        assert CAMERA.encode() not in after


def test_hidden_data_are_kept_for_who_asks_for_it():
    before = photo("JPEG", 6)
    taken = uploads.read_attachment(io.BytesIO(before), keep_hidden_data=True)
    assert (taken.content, taken.hidden_data) == (before, "")


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"]
)
def test_of_other_kinds_it_is_said_that_they_stay(content):
    taken = uploads.read_attachment(io.BytesIO(content))
    assert (taken.content, taken.hidden_data) == (content, uploads.STAYS)
