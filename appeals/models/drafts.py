"""Appeals that are not sent yet."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """An appeal not yet sent, encrypted with a key that only the writer's cookie holds (see ``drafts``)."""

    key_id = models.CharField(max_length=64, unique=True)
    box = models.BinaryField()
    sent = models.BooleanField(default=False)
    # What the code "continue later" is found by, and the cookie's secret, readable with that code alone.
    code_id = models.CharField(max_length=64, unique=True, null=True)
    code_box = models.BinaryField(default=bytes)
    expires_at = models.DateTimeField(db_index=True)


class DraftFile(models.Model):
    """A file of a draft, encrypted with the draft's key; its name and type are in the draft's box."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    box = models.BinaryField()
