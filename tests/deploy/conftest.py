from collections.abc import Iterator

import pytest
from whitenoise.compress import Compressor

from tests.deploy.site import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    try:
        site.start()
        compressor = Compressor(quiet=True)
        for path in (site.static / "css").iterdir():
            compressor.compress(str(path))
        site.do("call_command('error_pages', verbosity=0)")
        yield site
    finally:
        site.stop()
