"""What has had its time is erased: drafts, receipts, pictures of the CAPTCHA."""

from captcha.models import CaptchaStore

from . import drafts


def erase() -> int:
    """Returns how many drafts were erased."""
    CaptchaStore.remove_expired()
    return drafts.erase_expired()
