"""What a reader asks of search, from the address."""

from typing import Any

from django import forms
from django.db.models import F, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.text import alphabetical

from .models import Category, Place
from .search_words import MAX_QUERY, clean_query


class QueryField(forms.CharField):
    """Whatever is typed is looked for: what cannot be shown is left out, what is too long is cut."""

    def to_python(self, value: Any) -> str:
        return clean_query(str(value or ""))


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs: Any) -> None:
        # A browser without a calendar sends what was typed.
        super().__init__(input_formats=["%Y-%m-%d", "%d.%m.%Y"], required=False, **kwargs)
        self.error_messages["invalid"] = _("Please write the date like this: 31.12.2025.")


class SearchForm(forms.Form):
    q = QueryField(
        label=_("Words to look for"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "maxlength": MAX_QUERY, "autocomplete": "off"}),
    )
    category = forms.ChoiceField(label=_("Section"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = _names()
        for field, first in (("category", _("All sections")), ("place", _("All places"))):
            self.fields[field].choices = [("", first), *names[field]]
            self.fields[field].error_messages["invalid_choice"] = _("Please choose one from the list.")

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the day from which to look."))

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in ("category", "place", "since", "until")]

    @property
    def is_narrowed(self) -> bool:
        """A filter is set: the reader should see it."""
        return any(field.data for field in self.filters)


def _names() -> dict[str, list[tuple[str, str]]]:
    """Slugs and names of the sections and places, in one query."""
    name = F(f"name_{get_language()}")
    sections = Category.objects.order_by().values_list(Value("category"), "position", name, "slug")
    places = Place.objects.order_by().values_list(Value("place"), Value(0), name, "slug")
    names: dict[str, list[tuple[str, str]]] = {"category": [], "place": []}
    rows = sorted(sections.union(places, all=True), key=lambda row: (row[1], alphabetical(row[2])))
    for kind, _position, text, slug in rows:
        names[kind].append((slug, text))
    return names
