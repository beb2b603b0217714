"""The version for the visually impaired: how a reader wants the pages to look.

The wish is one small cookie, set by the preferences page alone, with a value of a closed set: ``s2p1c1i1f1``. What is
not exactly such a value, and the value of the ordinary version, count as no cookie. So a page has 128 looks at most,
and the cookie tells nobody apart.

An address has still one content for all who have no such cookie: their pages know nothing of it and stay public. A page
that was made by a wish says ``private`` and ``Vary: Cookie``, so that no shared cache keeps it. A page cache in front
must not answer a reader who has a wish with the page that it keeps for everybody. It has to key on the normalised value
alone (``parse``, then ``value``; empty without a wish), never on the whole cookie header; in nginx:

    map $http_cookie $view { default ""; "~(?:^|; *)__Host-view=(?<wish>s[0-3]p[01]c[0-3]i[01]f[01])(?:;|$)" $wish; }
    proxy_cache_key "$scheme$host$request_uri $view$brotli";

The last part is what the reader's browser accepts, see ``deploy/nginx/portal/maps.conf``. The blank stands in no
address: no address that ends like a wish is taken for another with it.
"""

import re
from typing import NamedTuple

from django.conf import settings

COOKIE = f"{settings.COOKIE_PREFIX}view"
COOKIE_SECONDS = 365 * 24 * 3600
_VALUE = re.compile(r"s([0-3])p([01])c([0-3])i([01])f([01])")


class View(NamedTuple):
    """What is wished; each a digit, "0" for the ordinary version. ``static/css/view.css`` knows them, too."""

    size: str = "0"  # of the type: 125, 150, 200 %
    spacing: str = "0"  # wide
    colours: str = "0"  # black on white, white on black, dark blue on light blue
    pictures: str = "0"  # not shown
    face: str = "0"  # plain sans

    @property
    def value(self) -> str:
        """As in the cookie, and on the page's root."""
        return f"s{self.size}p{self.spacing}c{self.colours}i{self.pictures}f{self.face}"


ORDINARY = View()


def parse(value: str) -> View | None:
    """The wish of a cookie's value; None for the ordinary version and for anything odd."""
    found = _VALUE.fullmatch(value)
    view = View(*found.groups()) if found else ORDINARY
    return None if view == ORDINARY else view
