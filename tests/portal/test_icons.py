"""The signs beside words."""

from django.template import Context, Template


def test_a_sign_says_nothing_to_a_screen_reader_and_points_the_way_of_the_text():
    plain, directed = (Template(f'{{% icon "{name}" %}}').render(Context()) for name in ("search", "next"))
    assert 'aria-hidden="true"' in plain and "#search" in plain and "icon--direction" not in plain
    assert "icon icon--direction" in directed
    assert "&lt;b&gt;" in Template("{% icon name %}").render(Context({"name": "<b>"}))
