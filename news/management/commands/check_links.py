"""Try the links of the public reports, as the nightly task does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser, no_translations

from news.link_check import broken_links, check_external_links, check_internal_links


class Command(BaseCommand):
    help = "Try every link of the public reports; name those that lead nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--internal", action="store_true", help="only links into this site: no other one is asked")

    @no_translations
    def handle(self, *, internal: bool, **options: Any) -> None:
        here = check_internal_links()
        self.stdout.write(f"Reports with links: {here.tried}; links into this site that lead nowhere: {here.broken}.")
        if not internal:
            there = check_external_links()
            self.stdout.write(f"Addresses of other sites tried: {there.tried}; of these lead nowhere: {there.broken}.")
        for link in broken_links().iterator(chunk_size=200):
            self.stdout.write(f"{link.report.get_absolute_url()} → {link.url!a}: {link.reason_text}")
