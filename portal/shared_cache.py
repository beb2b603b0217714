"""The cache that several machines share, in Redis or Valkey (CACHE_URL)."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from .file_cache import FileCache

logger = logging.getLogger(__name__)

# A server that does not answer is not waited for again for so long. In seconds.
LEFT_ALONE = 5
WAIT = 0.5


class SharedCache(RedisCache):
    """While the server does not answer, each machine has a cache in its own files: slower and less shared, not wrong.

    What is kept here may be forgotten at any time: tries that are counted, pictures and documents that were drawn.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        self.files = FileCache(params["FILES"], params)
        self.left_alone_until = 0.0
        # MAX_ENTRIES is for the files; how much the server holds is its own setting.
        super().__init__(server, params | {"OPTIONS": {"socket_timeout": WAIT, "socket_connect_timeout": WAIT}})

    def clear(self) -> None:
        """What was kept under this cache's name; Django's would empty the whole database, which others may use too."""
        self.files.clear()
        try:
            client = self._cache.get_client(write=True)
            for key in client.scan_iter(f"{self.key_prefix}:*", 1000):
                client.unlink(key)
        except RedisError as error:
            logger.warning("The shared cache is not emptied: %s", type(error).__name__)

    def _ask(self, name: str, *arguments: Any, **named: Any) -> Any:
        if time.monotonic() >= self.left_alone_until:
            try:
                return getattr(super(), name)(*arguments, **named)
            except RedisError as error:
                self.left_alone_until = time.monotonic() + LEFT_ALONE
                logger.warning("The shared cache does not answer: %s", type(error).__name__)
        return getattr(self.files, name)(*arguments, **named)


def _asking(name: str) -> Callable[..., Any]:
    def method(self: SharedCache, *arguments: Any, **named: Any) -> Any:
        return self._ask(name, *arguments, **named)

    return method


# All that asks the server; what else a cache can do is made of these.
for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many"):
    setattr(SharedCache, _name, _asking(_name))
