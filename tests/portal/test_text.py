"""Tajik text: one encoding, readable addresses, no character that hides or turns others."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.template.defaultfilters import date
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from portal import text


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Иштирок дар ҷаласаи ғайринавбатии Шӯро", "ishtirok-dar-jalasai-ghayrinavbatii-shuro"),
        ("Суҳбати телефонӣ", "suhbati-telefoni"),
        ("Қарори нав", "qarori-nav"),
        ("Съезд учителей: ещё одна встреча", "sezd-uchiteley-eshchyo-odna-vstrecha"),
        ("35–солагии “Истиқлол”", "35-solagii-istiqlol"),
        ("Visit to Khujand", "visit-to-khujand"),
        ("«»", ""),
    ],
)
def test_a_headline_makes_a_readable_address(headline, slug):
    assert text.slugify(headline) == slug
    assert text.slugify(unicodedata.normalize("NFD", headline)) == slug


@given(st.text(alphabet="абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя -", min_size=1, max_size=300))
def test_an_address_is_short_latin_and_stable(headline):
    slug = text.slugify(headline)
    assert len(slug) <= 100
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert text.slugify(slug) == slug


@given(st.text())
def test_cleaning_twice_changes_nothing_more(typed):
    assert text.clean_line(text.clean_line(typed)) == text.clean_line(typed)
    assert text.clean_lines(text.clean_lines(typed)) == text.clean_lines(typed)


def test_words_breaks_become_lines():
    assert text.clean_lines("Якум\vдуюм\r\nсеюм\u2028чорум  \n\n\n\nпанҷум") == "Якум\nдуюм\nсеюм\nчорум\n\nпанҷум"


@pytest.mark.parametrize("character", ["\0", "\a", "\x1b", "\x7f", "\u202e", "\u2066", "\ud800", "\ufffd", "\x85"])
def test_characters_that_hide_are_refused(character):
    with pytest.raises(ValidationError):
        text.validate_characters(f"Алӣ{character}")


@pytest.mark.parametrize("typed", ["Ғ Ӣ Қ Ӯ Ҳ Ҷ", "سلام", "你好", "Али\nВалӣ", "naïve", "👍🏽", "می\u200cخواهم"])
def test_everything_that_people_write_is_taken(typed):
    text.validate_characters(typed)


@pytest.mark.parametrize(
    ("language", "written"),
    [("tg", "13 январи соли 2026"), ("ru", "13 января 2026\xa0г."), ("en", "13 January 2026")],
)
def test_a_day_is_written_as_people_write_it(language, written):
    day = timezone.datetime(2026, 1, 13, tzinfo=timezone.get_default_timezone())
    with translation.override(language):
        assert date(day, "DATE_FORMAT") == written


# Headlines as the press service writes them, in the order of the Tajik alphabet, with the addresses that the
# published table of transliteration makes of them.
HEADLINES = {
    "Абонементи нави китобхонаи миллӣ": "abonementi-navi-kitobkhonai-milli",
    "Авҷи корҳои саҳроӣ дар вилояти Суғд": "avji-korhoi-sahroi-dar-viloyati-sughd",
    "Айёми Наврӯз дар шаҳри Душанбе": "ayyomi-navruz-dar-shahri-dushanbe",
    "Боздид аз неругоҳи барқи обии «Роғун»": "bozdid-az-nerugohi-barqi-obii-roghun",
    "Вохӯрӣ бо кишоварзони ноҳияи Ҳамадонӣ": "vokhuri-bo-kishovarzoni-nohiyai-hamadoni",
    "Вохӯрӣ бо Котиби Генералии СММ": "vokhuri-bo-kotibi-generalii-smm",
    "Габбро: ифтитоҳи кони нав дар Мурғоб": "gabbro-iftitohi-koni-nav-dar-murghob",
    "Гулистон: ифтитоҳи мактаби нав": "guliston-iftitohi-maktabi-nav",
    "Ғаллакорони Хатлон 1 200 000 тонна ҳосил гирифтанд": "ghallakoroni-khatlon-1-200-000-tonna-hosil-giriftand",
    "Ғолибони озмуни «Фурӯғи субҳи доноӣ» муайян шуданд": "gholiboni-ozmuni-furughi-subhi-donoi-muayyan-shudand",
    "Дидор бо сокинони шаҳри Кӯлоб": "didor-bo-sokinoni-shahri-kulob",
    "Ёдбуди Рӯдакӣ дар Панҷакент": "yodbudi-rudaki-dar-panjakent",
    "Ёдбуди шоир дар Хуҷанд": "yodbudi-shoir-dar-khujand",
    "Ёрӣ ба хонаводаҳои зарардида": "yori-ba-khonavodahoi-zarardida",
    "Жолаборон: Ҳукумат ба деҳқонон кумак мекунад": "zholaboron-hukumat-ba-dehqonon-kumak-mekunad",
    "Зеркашии манораи телевизионӣ": "zerkashii-manorai-televizioni",
    "Ибтидои соли таҳсил": "ibtidoi-soli-tahsil",
    "Интихоби раиси нав": "intikhobi-raisi-nav",
    "Истиқболи расмӣ дар фурудгоҳи байналмилалӣ": "istiqboli-rasmi-dar-furudgohi-baynalmilali",
    "Иштирок дар ҷаласаи ғайринавбатии Шӯрои амнияти дастҷамъӣ": "ishtirok-dar-jalasai-ghayrinavbatii-shuroi-amniyati-dastjami",
    "Ӣди Рамазон: паёми табрикӣ": "idi-ramazon-payomi-tabriki",
    "Йод дар намаки ошӣ: қарори нав": "yod-dar-namaki-oshi-qarori-nav",
    "Кабудизоркунии пойтахт": "kabudizorkunii-poytakht",
    "Кӯлоб – шаҳри 2700-сола": "kulob-shahri-2700-sola",
    "Қарор дар бораи авфи умумӣ": "qaror-dar-borai-avfi-umumi",
    "Қонуни Ҷумҳурии Тоҷикистон «Дар бораи буҷети давлатӣ»": "qonuni-jumhurii-tojikiston-dar-borai-bujeti-davlati",
    "Қӯрғонтеппа: кушодашавии варзишгоҳ": "qurghonteppa-kushodashavii-varzishgoh",
    "Латофати атлас ва адрас": "latofati-atlas-va-adras",
    "Маросими савганди сарбозони ҷавон": "marosimi-savgandi-sarbozoni-javon",
    "Мулоқот бо Президенти Федератсияи Россия": "muloqot-bo-prezidenti-federatsiyai-rossiya",
    "Мӯйсафедони Бадахшон меҳмони пойтахт": "muysafedoni-badakhshon-mehmoni-poytakht",
    "Навсозии роҳи Душанбе – Чаноқ": "navsozii-rohi-dushanbe-chanoq",
    "Об барои рушди устувор, 2018–2028": "ob-baroi-rushdi-ustuvor-2018-2028",
    "Паёми шодбошӣ ба муносибати Рӯзи модар": "payomi-shodboshi-ba-munosibati-ruzi-modar",
    "Рушди саноат дар минтақаи озоди иқтисодӣ": "rushdi-sanoat-dar-mintaqai-ozodi-iqtisodi",
    "Рӯзи Истиқлоли давлатӣ": "ruzi-istiqloli-davlati",
    "Саммити Созмони ҳамкории Шанхай": "sammiti-sozmoni-hamkorii-shankhay",
    "Суҳбати телефонӣ бо Президенти Ӯзбекистон": "suhbati-telefoni-bo-prezidenti-uzbekiston",
    "Табрик ба варзишгарон": "tabrik-ba-varzishgaron",
    "Тоҷикистон – Хитой: ҳамкории стратегӣ": "tojikiston-khitoy-hamkorii-strategi",
    "Умри дароз ба омӯзгорон!": "umri-daroz-ba-omuzgoron",
    "Уҳдадориҳои нави ҷонибҳо": "uhdadorihoi-navi-jonibho",
    "Ӯзбекистон: сафари давлатӣ оғоз ёфт": "uzbekiston-safari-davlati-oghoz-yoft",
    "Фармон дар бораи ҷоизаҳои давлатӣ": "farmon-dar-borai-joizahoi-davlati",
    "Хатти нави барқ ба кор даромад": "khatti-navi-barq-ba-kor-daromad",
    "Ҳадафҳои миллӣ то соли 2030": "hadafhoi-milli-to-soli-2030",
    "Чашмаи умед: об ба деҳаи Чорбоғ расид": "chashmai-umed-ob-ba-dehai-chorbogh-rasid",
    "Ҷаласаи Ҳукумати Ҷумҳурии Тоҷикистон": "jalasai-hukumati-jumhurii-tojikiston",
    "Ҷоизаи байналмилалӣ ба олимони тоҷик": "joizai-baynalmilali-ba-olimoni-tojik",
    "Шодбошии иди Меҳргон": "shodboshii-idi-mehrgon",
    "Эътимод ба ҷавонон": "etimod-ba-javonon",
    "Юбилеи 30-солагии Конститутсия": "yubilei-30-solagii-konstitutsiya",
    "Ярмаркаи «Тухмӣ – 2026»": "yarmarkai-tukhmi-2026",
}


@pytest.mark.parametrize(("headline", "slug"), HEADLINES.items())
def test_a_real_headline_has_the_address_of_the_table(headline, slug):
    assert text.slugify(headline) == slug
    assert text.slugify(unicodedata.normalize("NFD", headline)) == slug, "typed as two characters"
    assert text.slugify(headline.upper()) == slug


def test_no_two_headlines_share_an_address():
    assert len(HEADLINES) >= 50 and len(set(HEADLINES.values())) == len(HEADLINES)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("case", [str, str.upper, str.lower])
def test_headlines_sort_by_the_tajik_alphabet(form, case):
    wanted = [case(headline) for headline in HEADLINES]
    mixed = [unicodedata.normalize(form, headline) for headline in wanted[::2] + wanted[1::2]]
    assert [text.nfc(headline) for headline in sorted(mixed, key=text.alphabetical)] == wanted
    assert sorted(mixed) != sorted(mixed, key=text.alphabetical), "by code points the order is another one"


def test_each_letter_has_its_place_in_the_alphabet():
    alphabet = "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя"
    assert len(alphabet) == 35
    assert "".join(sorted(set(alphabet), key=text.alphabetical)) == alphabet
    assert "".join(sorted("шыьзцщ", key=text.alphabetical)) == "зцшщыь"


def test_every_letter_of_both_alphabets_is_in_the_table():
    assert set(text.LATIN) == set("абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюяцщыь")
    assert all(latin.isascii() for latin in text.LATIN.values())


@given(st.text())
def test_there_is_one_encoding(typed):
    assert text.nfc(unicodedata.normalize("NFD", typed)) == text.nfc(typed) == unicodedata.normalize("NFC", typed)
    assert text.alphabetical(unicodedata.normalize("NFD", typed)) == text.alphabetical(typed)
