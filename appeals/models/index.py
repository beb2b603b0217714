"""The blind index: keyed marks by which the office finds appeals whose words are encrypted (see ``blind_index``)."""

from __future__ import annotations

from django.db import models

from .appeal import Appeal


class Mark(models.Model):
    """One mark of an appeal. Which of them is a name, a telephone or a passage cannot be seen."""

    pk = models.CompositePrimaryKey("mark", "appeal")
    mark = models.BigIntegerField()
    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="marks")

    class Meta:
        default_permissions = ()


class Sketch(models.Model):
    """What the text of an appeal is compared by, and the mark of who wrote it, to tell many people from one."""

    appeal = models.OneToOneField(Appeal, models.CASCADE, primary_key=True, related_name="sketch")
    author = models.BigIntegerField(null=True)
    marks = models.BinaryField()

    class Meta:
        default_permissions = ()
