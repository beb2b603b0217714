"""Erase what has had its time: drafts after 24 hours, receipts after one, pictures of the CAPTCHA."""

from typing import Any

from captcha.models import CaptchaStore
from django.core.management.base import BaseCommand

from appeals import drafts


class Command(BaseCommand):
    help = "Erase expired drafts and CAPTCHAs. Run it every hour."

    def handle(self, **options: Any) -> None:
        erased = drafts.erase_expired()
        CaptchaStore.remove_expired()
        self.stdout.write(f"Erased drafts: {erased}.")
