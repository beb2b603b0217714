"""What the style page shows: the names of the colours, the signs, and a form with a field of each kind and state."""

from django import forms

COLOURS = (
    "paper surface ground rule edge ink muted link button button-hover on-button crimson green gold amber shade "
    "flag-crimson flag-green danger-surface warning-surface success-surface"
).split()
SIGNS = (
    "emblem emblem-small check missing warning info search next previous photos pen phone file link share glasses "
    "theme facebook x telegram whatsapp"
).split()
LONG_HEADLINE = (
    "Фармон дар бораи ба хизмати ҳарбии ҳатмӣ даъват намудан ва аз сафи Қувваҳои Мусаллаҳ, дигар қӯшунҳо ва "
    "воҳидҳои ҳарбӣ озод кардани шаҳрвандоне, ки муҳлати муқарраргардидаи хизматро адо намудаанд"
)
HEADLINES = (
    ("tg", "Сафари корӣ ба Туркманистон"),
    ("tg", LONG_HEADLINE),
    ("ru", "Участие в церемонии открытия энергообъекта водоэлектроснабжающей инфраструктуры"),
    ("en", "Congratulatory letters on behalf of heads of state and international organisations"),
)


class Specimen(forms.Form):
    """Sent with the page's own values it is faulty in ``wrong``, ``pick_wrong`` and ``agree_wrong``."""

    plain = forms.CharField(label="A line of text", required=False, help_text="A hint says why it is asked.")
    filled = forms.CharField(label="Filled in", required=False)
    wrong = forms.CharField(
        label="With an error", error_messages={"required": "Say what is missing, and how to mend it."}
    )
    off = forms.CharField(label="Switched off", required=False, disabled=True)
    place = forms.ChoiceField(label="A choice from many", choices=[("", "— choose —"), ("1", "Хуҷанд")], required=False)
    pick = forms.ChoiceField(
        label="A choice from few", choices=[("1", "Ариза"), ("2", "Дархост")], widget=forms.RadioSelect, required=False
    )
    pick_wrong = forms.ChoiceField(
        label="A choice from few, with an error",
        choices=[("1", "Таклиф"), ("2", "Шикоят")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )
    agree = forms.BooleanField(label="A box to tick", required=False)
    agree_wrong = forms.BooleanField(label="A box that must be ticked", error_messages={"required": "Tick the box."})
    text = forms.CharField(label="Many lines", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(label="A file", required=False)


def specimen() -> Specimen:
    return Specimen({"filled": "Ҷамшед Қосимович", "place": "1", "pick": "1", "agree": "on"})
