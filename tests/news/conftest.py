import pytest


@pytest.fixture(autouse=True)
def media_folder(settings, tmp_path):
    """Pictures of a test lie in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
