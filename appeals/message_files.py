"""Files that come with a message, of the office or of the applicant."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .attachments import take
from .casework import SentFile
from .fields import MultipleFileField
from .file_checks import check_size

MOST_FILES = 5


class MessageFilesField(MultipleFileField):
    """Up to five files, read and judged by their content; the value is a list of ``casework.SentFile``."""

    def __init__(self, role: str, **kwargs: Any) -> None:
        limits = {"files": lazystr(MOST_FILES), "size": lazystr(settings.UPLOAD_LIMIT // 2**20)}
        kwargs["help_text"] = format_lazy(_("At most {files} files of {size} MB each."), **limits)
        super().__init__(required=False, **kwargs)
        self.role = role

    def clean(self, data: Any, initial: Any = None) -> list[SentFile]:
        files = super().clean(data, initial)
        if len(files) > MOST_FILES:
            raise ValidationError(
                _("At most %(files)s files go with one message."), params={"files": MOST_FILES}, code="too_many"
            )
        taken, errors = [], []
        for file in files:
            try:
                taken.append(self._read(file))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return taken

    def _read(self, file: Any) -> SentFile:
        check_size(file)
        taken = take(file, keep_hidden_data=False)
        upload = taken.upload
        return SentFile(self.role, taken.name, upload.content_type, upload.content, upload.hidden_data, taken.scan)
