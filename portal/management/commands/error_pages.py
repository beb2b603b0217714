"""Write the pages for what the portal cannot answer itself, for the web server in front of it.

``errors/<language>/<status>.html`` in the folder of the static files; see the README for nginx.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal import faults


class Command(BaseCommand):
    help = "Write the error pages in each language as files, for a web server in front of the portal."

    def handle(self, **options: Any) -> None:
        for language, _name in settings.LANGUAGES:
            folder = settings.STATIC_ROOT / "errors" / language
            folder.mkdir(parents=True, exist_ok=True)
            for status in faults.SAID:
                (folder / f"{status}.html").write_text(faults.page(status, language), encoding="utf-8")
        if options["verbosity"]:
            self.stdout.write(f"Error pages are in {settings.STATIC_ROOT / 'errors'}.")
