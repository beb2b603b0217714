"""Topics to begin with: what people write to a head of state and to city halls about. Supervisors change them."""

from django.db import migrations

TOPICS = (
    ("Қитъаи замин", "Земельный участок", "Land plot"),
    ("Манзил", "Жильё", "Housing"),
    ("Бақайдгирии манзил", "Регистрация жилья", "Registering a dwelling"),
    ("Хизматрасонии коммуналӣ", "Коммунальные услуги", "Utilities"),
    ("Роҳ ва нақлиёт", "Дороги и транспорт", "Roads and transport"),
    ("Кӯмаки иҷтимоӣ ва нафақа", "Социальная помощь и пенсии", "Social aid and pensions"),
    ("Ёрии тиббӣ", "Медицинская помощь", "Medical aid"),
    ("Таҳсилот", "Образование", "Education"),
    ("Кор ва музди меҳнат", "Работа и заработная плата", "Work and wages"),
    ("Додгоҳ ва мақомоти ҳифзи ҳуқуқ", "Суд и правоохранительные органы", "Courts and law enforcement"),
    ("Муҳоҷират ва шаҳрвандӣ", "Миграция и гражданство", "Migration and citizenship"),
    ("Ҳаҷ ва масъалаҳои динӣ", "Хадж и вопросы религии", "Hajj and religion"),
    ("Соҳибкорӣ ва андоз", "Предпринимательство и налоги", "Business and taxes"),
    ("Ҳифзи муҳити зист", "Охрана окружающей среды", "Environment"),
    ("Пешниҳодҳо оид ба корҳои давлатӣ", "Предложения по государственным делам", "Proposals on affairs of state"),
    ("Табрик ва сипос", "Поздравления и благодарность", "Congratulations and thanks"),
    ("Дигар", "Другое", "Other"),
)


def make(apps, schema_editor):
    topic = apps.get_model("appeals", "Topic")
    topic.objects.bulk_create(topic(name_tg=tg, name_ru=ru, name_en=en) for tg, ru, en in TOPICS)


class Migration(migrations.Migration):
    dependencies = [("appeals", "0012_holidays")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
