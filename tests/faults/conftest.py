import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.appeals.served import Served
from tests.faults import portal
from tests.faults.clusters import Cluster


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return portal.prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="session")
def cluster_folder() -> Iterator[Callable[[], Path]]:
    """New folders for clusters; not below pytest's own, to which no other user comes."""
    with tempfile.TemporaryDirectory(prefix="portal-clusters-") as above:
        Path(above).chmod(0o711)
        yield lambda: Path(tempfile.mkdtemp(dir=above))


@pytest.fixture(scope="session")
def filled(cluster_folder: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """A stopped cluster with the portal's tables, to be copied."""
    made = Cluster(cluster_folder()).make()
    made.start()
    try:
        made.ask("CREATE DATABASE portal", database="postgres")
        portal.migrate(made.url, tmp_path_factory.mktemp("migrated"))
    finally:
        made.stop()
    return made


@pytest.fixture
def make_portal(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """``make_portal(DATABASE_URL=…)``: a portal that the test starts, and that is gone after it."""
    made: list[Served] = []

    def make(**settings: str) -> Served:
        made.append(portal.portal(tmp_path_factory.mktemp("portal"), prepared, **settings))
        return made[-1]

    yield make
    for served in made:
        if served.process:
            served.kill()
