"""The fields that say who somebody is and where he lives: of the writer, of those who sign with him, of the one
for whom he writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField

from . import divisions, names
from .fields import DistrictSelect
from .people import PLACE_FIELDS, Person

MOST_SIGNATORIES = 20
REPRESENTED, SIGNATORY = "for", re.compile(r"with-(\d{1,2})-")

NEEDED = _("Needed for examination.")
PLACE_NEEDED = _("Needed for examination; the region also counts in statistics.")


@cache
def _regions(language: str) -> list[tuple[str, Any]]:
    regions = [(region.code, region.name(language)) for region in divisions.regions(language)]
    return [("", _("— choose —")), *regions, (divisions.ABROAD, _("Outside Tajikistan"))]


@cache
def _districts(language: str) -> list[tuple[Any, Any]]:
    """The districts under the names of their regions."""
    groups = []
    for region in divisions.regions(language):
        districts = divisions.districts_of(region.code, language)
        groups.append((region.name(language), [(item.code, item.name(language)) for item in districts]))
    return [("", _("— choose —")), *groups]


class PersonForm(forms.Form):
    """Name and residence. What is missing is judged by Article 21, not by the fields."""

    surname = LineField(label=_("Surname"), required=False, max_length=100, help_text=NEEDED)
    given_name = LineField(label=_("Name"), required=False, max_length=100, help_text=NEEDED)
    patronymic = LineField(label=_("Patronymic"), required=False, max_length=100, help_text=NEEDED)
    no_patronymic = forms.BooleanField(label=_("My documents have no patronymic"), required=False)
    single_name = forms.BooleanField(label=_("My documents have only one name"), required=False)
    region = forms.ChoiceField(
        label=_("Region, or the city of Dushanbe"),
        required=False,
        help_text=PLACE_NEEDED,
        choices=lambda: _regions(get_language() or "tg"),
    )
    district = forms.ChoiceField(
        label=_("City or district"),
        required=False,
        widget=DistrictSelect,
        help_text=NEEDED,
        choices=lambda: _districts(get_language() or "tg"),
    )
    country = LineField(label=_("Country"), required=False, max_length=100, help_text=NEEDED)
    jamoat = LineField(
        label=_("Jamoat (rural municipality), if there is one"),
        required=False,
        max_length=150,
        help_text=_("Helps to find the place."),
    )
    address = LineField(
        label=_("Settlement, street, house"),
        required=False,
        max_length=300,
        help_text=_("Needed for examination. For a village without street names, its name is enough."),
    )

    # The messages come from us, in the page's language, not from the browser in its own.
    use_required_attribute = False

    def check_characters(self, *, entity: bool = False) -> None:
        """Refuse digits and signs in a name."""
        for field in () if entity else ("surname", "given_name", "patronymic"):
            if names.has_forbidden_characters(self.cleaned_data.get(field, "")) and not self.has_error(field):
                self.add_error(
                    field,
                    ValidationError(
                        _("A name is written with letters, hyphens and apostrophes, without digits or other signs."),
                        code="name_characters",
                    ),
                )


def forbid_autofill(form: forms.Form) -> None:
    """What the browser knows is of whoever types, and the form is of somebody else. Boxes know no autofill."""
    for field in form.fields.values():
        if getattr(field.widget, "input_type", "") not in {"checkbox", "radio", "file"}:
            field.widget.attrs["autocomplete"] = "off"


class FurtherPersonForm(PersonForm):
    """Another person beside the writer, who may live with him."""

    same_address = forms.BooleanField(label=_("Lives at the same address as I do"), required=False)

    def __init__(self, *args: Any, title: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = title
        self.fields["no_patronymic"].label = _("The documents have no patronymic")
        self.fields["single_name"].label = _("The documents have only one name")
        forbid_autofill(self)
        for name, field in self.fields.items():
            # What is said of the writer's fields need not be said again.
            field.help_text = "" if name != "address" else _("For a village without street names, its name is enough.")

    def person(self, writer: Person) -> Person:
        """Who was typed here; where he lives with the writer, the writer's address is his."""
        values = {name: self.cleaned_data[name] for name in self.cleaned_data if name != "same_address"}
        if self.cleaned_data.get("same_address"):
            values |= {name: getattr(writer, name) for name in PLACE_FIELDS}
        return Person.of(values)


def signatory_places(names_given: Iterable[str]) -> list[int]:
    """Which further persons a form's data speak of, in order; those past the most that are taken are left out."""
    return sorted({int(found[1]) for name in names_given if (found := SIGNATORY.match(name))})[:MOST_SIGNATORIES]


def is_of_person(name: str) -> bool:
    """A name in a form's data that belongs to a further person's fields."""
    prefix, _dash, field = name.rpartition("-")
    known = prefix == REPRESENTED or SIGNATORY.fullmatch(f"{prefix}-")
    return bool(known) and field in FurtherPersonForm.base_fields


def stripped(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The values of one person, by the plain names of the fields."""
    start = f"{prefix}-"
    return {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}


def is_begun(values: Mapping[str, Any]) -> bool:
    """Something was typed or chosen; ticks alone are nothing."""
    ticks = {"no_patronymic", "single_name", "same_address"}
    return any(value.strip() for name, value in values.items() if name not in ticks)
