"""The WSGI application that the production server runs: Django, the page cache before it, and what watches both."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
at_once = None
if settings.PAGE_CACHE_MB:
    from portal.page_cache import PageCache
    from portal.page_cache_watch import Watch

    application = PageCache(application, settings.PAGE_CACHE_MB, Watch())
    if not settings.METRICS_PORT and settings.LOG_LEVEL != "INFO":  # Who wants to see each request pays for it.
        at_once = application.at_once

from portal.incoming import Incoming  # noqa: E402 - Django has to be set up first.
from portal.requests import Watched  # noqa: E402

count = None
if settings.METRICS_PORT:
    from portal.metrics import count
application = Watched(Incoming(application), count, at_once)
