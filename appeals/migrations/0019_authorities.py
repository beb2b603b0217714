"""Bodies to which appeals are forwarded, to begin with: their names as they are public. Supervisors change them."""

from django.db import migrations

# Those that take information about crimes come first.
CRIME = (
    ("Вазорати корҳои дохилӣ", "Министерство внутренних дел", "Ministry of Internal Affairs"),
    ("Прокуратураи генералӣ", "Генеральная прокуратура", "Prosecutor General's Office"),
    (
        "Агентии назорати давлатии молиявӣ ва мубориза бо коррупсия",
        "Агентство по государственному финансовому контролю и борьбе с коррупцией",
        "Agency for State Financial Control and Combating Corruption",
    ),
    (
        "Кумитаи давлатии амнияти миллӣ",
        "Государственный комитет национальной безопасности",
        "State Committee for National Security",
    ),
)
OTHERS = (
    ("Вазорати адлия", "Министерство юстиции", "Ministry of Justice"),
    ("Вазорати маориф ва илм", "Министерство образования и науки", "Ministry of Education and Science"),
    (
        "Вазорати тандурустӣ ва ҳифзи иҷтимоии аҳолӣ",
        "Министерство здравоохранения и социальной защиты населения",
        "Ministry of Health and Social Protection of the Population",
    ),
    (
        "Вазорати меҳнат, муҳоҷират ва шуғли аҳолӣ",
        "Министерство труда, миграции и занятости населения",
        "Ministry of Labour, Migration and Employment of the Population",
    ),
    ("Вазорати нақлиёт", "Министерство транспорта", "Ministry of Transport"),
    (
        "Вазорати энергетика ва захираҳои об",
        "Министерство энергетики и водных ресурсов",
        "Ministry of Energy and Water Resources",
    ),
    ("Вазорати кишоварзӣ", "Министерство сельского хозяйства", "Ministry of Agriculture"),
    ("Вазорати молия", "Министерство финансов", "Ministry of Finance"),
    (
        "Кумитаи давлатии идораи замин ва геодезӣ",
        "Государственный комитет по землеустройству и геодезии",
        "State Committee for Land Management and Geodesy",
    ),
    (
        "Мақомоти иҷроияи ҳокимияти давлатии шаҳри Душанбе",
        "Исполнительный орган государственной власти города Душанбе",
        "Executive body of state power of the city of Dushanbe",
    ),
    (
        "Мақомоти иҷроияи ҳокимияти давлатии вилояти Суғд",
        "Исполнительный орган государственной власти Согдийской области",
        "Executive body of state power of Sughd Region",
    ),
    (
        "Мақомоти иҷроияи ҳокимияти давлатии вилояти Хатлон",
        "Исполнительный орган государственной власти Хатлонской области",
        "Executive body of state power of Khatlon Region",
    ),
    (
        "Мақомоти иҷроияи ҳокимияти давлатии Вилояти Мухтори Кӯҳистони Бадахшон",
        "Исполнительный орган государственной власти Горно-Бадахшанской автономной области",
        "Executive body of state power of Gorno-Badakhshan Autonomous Region",
    ),
)


def make(apps, schema_editor):
    authority = apps.get_model("appeals", "Authority")
    for names, takes_crime in ((CRIME, True), (OTHERS, False)):
        authority.objects.bulk_create(
            authority(name_tg=tg, name_ru=ru, name_en=en, takes_crime=takes_crime) for tg, ru, en in names
        )


class Migration(migrations.Migration):
    dependencies = [("appeals", "0018_queue_indexes")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
