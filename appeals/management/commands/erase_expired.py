"""Erase what has had its time: drafts after 24 hours, receipts after one, pictures of the CAPTCHA."""

from typing import Any

from django.core.management.base import BaseCommand

from appeals import expiry


class Command(BaseCommand):
    help = "Erase expired drafts and CAPTCHAs. Run it every hour."

    def handle(self, **options: Any) -> None:
        erased = expiry.erase()
        self.stdout.write(f"Erased drafts: {erased}.")
