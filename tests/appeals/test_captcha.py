"""Who knows the picture's address and the library's code can predict nothing of it."""

import io
import random

import pytest
from captcha.helpers import random_char_challenge
from captcha.models import CaptchaStore
from PIL import Image, ImageChops

from appeals import captcha


def test_challenges_do_not_follow_pythons_generator():
    random.seed("key")
    first = [captcha.digits() for _ in range(50)]
    random.seed("key")
    assert [captcha.digits() for _ in range(50)] != first
    random.seed("key")
    known = random_char_challenge()
    random.seed("key")
    assert random_char_challenge() == known  # The library's own does: that is why ours is used.


def test_distortion_does_not_follow_pythons_generator():
    plain = Image.new("RGB", (240, 80), "white")
    random.seed("key")
    first = captcha.distort(plain)
    random.seed("key")
    assert ImageChops.difference(first, captcha.distort(plain)).getbbox()


def test_challenges_do_not_repeat_more_than_chance():
    drawn = [captcha.digits()[0] for _ in range(20_000)]
    assert len(set(drawn)) > 19_600  # 19,801 are expected of a million
    assert all(len(text) == 6 and text.isdigit() for text in drawn)


@pytest.mark.django_db
def test_the_picture_of_a_key_is_drawn_once(client):
    key = CaptchaStore.generate_key()
    first, second = (client.get(f"/captcha/{key}.png") for _ in range(2))
    assert first["Content-Type"] == "image/png"
    assert first.content == second.content
    assert Image.open(io.BytesIO(first.content)).size == (240, 80)
    assert "no-store" in first["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["0" * 40 + ".png", "x.wav", "refresh/", "image/x/", "x@2.png"])
def test_nothing_else_of_the_library_is_open(client, address):
    assert client.get(f"/captcha/{address}").status_code in {404, 410}
