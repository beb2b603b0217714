from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        from portal import public_changes

        from .moments import next_moment

        public_changes.MOMENTS.append(next_moment)
