"""The WSGI application that the production server runs: Django, the page cache and the static files before it, and what
watches them."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
at_once = None
if settings.PAGE_CACHE_MB:
    from portal.page_cache import PageCache
    from portal.page_cache_watch import Watch
    from portal.proxy_flag import ProxyFlag

    flag = ProxyFlag(settings.PUBLIC_CHANGED_FLAG)
    flag.take_down()  # What was killed in the wrong second left it.
    application = PageCache(application, settings.PAGE_CACHE_MB, Watch(flag))
    if not settings.METRICS_PORT and settings.LOG_LEVEL != "INFO":  # Who wants to see each request pays for it.
        at_once = application.at_once

from portal.incoming import Incoming  # noqa: E402 - Django has to be set up first.
from portal.requests import Watched  # noqa: E402
from portal.static_server import StaticFiles  # noqa: E402

count = None
if settings.METRICS_PORT:
    from portal.metrics import count
application = Watched(Incoming(StaticFiles(application)), count, at_once)
