"""What a reader may choose."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.addresses import AddressField

from .models import Category, Subscription
from .subscription_rules import Wish


class ChoicesForm(forms.Form):
    """How often, and which categories."""

    frequency = forms.ChoiceField(
        label=_("How often"),
        choices=[
            (Subscription.Frequency.AT_ONCE, _("At once: a letter about each report")),
            (Subscription.Frequency.DAILY, _("Once a day: one letter at 7:00 with all reports of the day before")),
        ],
        initial=Subscription.Frequency.DAILY,
        widget=forms.RadioSelect,
    )
    categories = forms.TypedMultipleChoiceField(
        label=_("Which news"),
        help_text=_("If you choose none, you get all."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["categories"].choices = [(category.pk, category.name) for category in Category.objects.all()]

    @property
    def chosen(self) -> tuple[int, ...]:
        """The categories; all of them are none: what is added to the site later comes, too."""
        chosen = tuple(self.cleaned_data["categories"])
        return () if len(chosen) == len(self.fields["categories"].choices) else chosen


class SubscribeForm(ChoicesForm):
    email = AddressField(label=_("E-mail address"))
    language = forms.ChoiceField(label=_("Language of the news"), choices=settings.LANGUAGES, initial=get_language)
    # People do not see it; a program that fills in every field gives itself away.
    website = forms.CharField(required=False, label=_("Leave this field empty"))

    field_order = ["email", "language", "frequency", "categories", "website"]

    @property
    def wish(self) -> Wish:
        return Wish(self.cleaned_data["language"], self.cleaned_data["frequency"], self.chosen)
