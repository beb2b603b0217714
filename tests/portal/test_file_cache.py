"""The cache in files: it is kept small without a look at every file for each entry."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from portal.file_cache import FileCache

LIMIT = 4 * FileCache.EVERY


@pytest.fixture
def cache(tmp_path: Path) -> FileCache:
    return FileCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": LIMIT}})


def test_all_caches_of_the_portal_are_of_this_kind():
    assert {cache["BACKEND"] for cache in settings.CACHES.values()} == {"portal.file_cache.FileCache"}


def test_the_folder_never_holds_more_than_its_limit_and_the_entries_between_two_looks(cache: FileCache, tmp_path: Path):
    most = 0
    for number in range(3 * LIMIT):
        cache.set(f"{number}", number)
        most = max(most, sum(1 for _ in tmp_path.iterdir()))
    assert LIMIT < most <= LIMIT + FileCache.EVERY


def test_the_folder_is_listed_for_one_entry_of_many(cache: FileCache, monkeypatch: pytest.MonkeyPatch):
    listed = []
    listing = cache._list_cache_files
    monkeypatch.setattr(cache, "_list_cache_files", lambda: listed.append(1) or listing())
    for number in range(2 * FileCache.EVERY):
        cache.set(f"{number}", number)
        assert cache.get(f"{number}") == number
    assert len(listed) == 2


def test_the_oldest_entries_go_first(cache: FileCache, tmp_path: Path):
    for number in range(LIMIT):
        cache.set(f"{number}", number)
    for age, number in enumerate(reversed(range(LIMIT))):  # A clock of the file system that is coarse proves nothing.
        os.utime(cache._key_to_file(f"{number}"), (1e9 - age, 1e9 - age))
    for number in range(LIMIT, LIMIT + FileCache.EVERY):
        cache.set(f"{number}", number)
    kept = [number for number in range(LIMIT + FileCache.EVERY) if cache.get(f"{number}") is not None]
    assert kept == list(range(kept[0], LIMIT + FileCache.EVERY)) and kept[0] >= LIMIT // 3


def test_an_entry_that_another_process_has_removed_stops_nothing(cache: FileCache, monkeypatch: pytest.MonkeyPatch):
    listing = cache._list_cache_files
    monkeypatch.setattr(cache, "_list_cache_files", lambda: [*listing(), cache._key_to_file("gone")])
    for number in range(2 * LIMIT):
        cache.set(f"{number}", number)
    assert cache.get(f"{2 * LIMIT - 1}") == 2 * LIMIT - 1


def test_a_folder_that_cannot_be_written_is_a_cache_that_keeps_nothing(tmp_path: Path):
    """Each thread makes a cache object of its own, at its first question: this, too, may be after the disk broke."""
    (tmp_path / "file").write_text("")
    cache = FileCache(str(tmp_path / "file"), {})
    cache.set("a", 1)
    assert cache.get("a", "nothing") == "nothing" and not cache.has_key("a") and not cache.delete("a")
    assert cache.add("a", 1) and cache.get_or_set("a", 2) == 2


def test_an_entry_that_cannot_be_removed_stops_nobody(cache: FileCache, monkeypatch: pytest.MonkeyPatch):
    cache.set("a", 1)

    def refuse(_name: str) -> None:
        raise PermissionError

    monkeypatch.setattr("os.remove", refuse)
    assert not cache.delete("a") and cache.get("a") == 1
