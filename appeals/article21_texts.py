"""The texts beside the codes of article21: the notice, the words of the law, and what people are told.

The English notice is the customer's, word for word; the Russian and Tajik ones render it and keep what is
unclear in it (what "and is submitted without signature" belongs to): that is for the policy to settle.
Every text in LAW_WORDS is a literal part of the notice in its language.
"""

NOTICE = {
    "tg": (
        "Мутобиқи муқаррароти моддаи 21 Қонуни Ҷумҳурии Тоҷикистон «Дар бораи муроҷиатҳои шахсони "
        "воқеӣ ва ҳуқуқӣ» муроҷиатҳои хаттӣ ва электроние, ки дар онҳо насаб, ном ва номи падари "
        "шахси воқеӣ, маълумот дар бораи ҷойи истиқомати ӯ ё номи пурраи шахси ҳуқуқӣ зикр "
        "нашудааст, суроғаи ҷойгиршавии он зикр нашудааст ё нодуруст аст ё маълумот ба ҳақиқат "
        "мувофиқ нест ва бе имзо (имзои электронии рақамӣ) пешниҳод шудааст, беном ҳисобида мешаванд "
        "ва баррасӣ карда намешаванд, агар дар онҳо маълумот дар бораи ҷинояти тайёршаванда ё "
        "содиршуда мавҷуд набошад."
    ),
    "ru": (
        "В соответствии с положениями статьи 21 Закона Республики Таджикистан «Об обращениях "
        "физических и юридических лиц» письменные и электронные обращения, в которых не указаны "
        "фамилия, имя и отчество физического лица, сведения о месте его жительства или полное "
        "наименование юридического лица, не указан или указан неверно адрес места его нахождения, "
        "либо сведения не соответствуют действительности и представлены без подписи (электронной "
        "цифровой подписи), считаются анонимными и рассмотрению не подлежат, если они не содержат "
        "сведений о готовящемся или совершённом преступлении."
    ),
    "en": (
        "In accordance with the provisions of Article 21 of the Law of the Republic of Tajikistan "
        '"On appeals of individuals and legal entities", written and electronic appeals, which do '
        "not specify surname, name and patronymic of the individual, information about his place of "
        "residence or the full name of the legal entity, the address of its locations is not "
        "mentioned or wrong, or information does not correspond to reality and is submitted without "
        "signature (digital signature), are considered to be anonymous and will not be examined, if "
        "they do not contain information about the planned or committed crime."
    ),
}

_NAME = {
    "tg": "насаб, ном ва номи падари шахси воқеӣ",
    "ru": "не указаны фамилия, имя и отчество физического лица",
    "en": "do not specify surname, name and patronymic of the individual",
}
# The sentence says "wrong" of the address once, after residence and location: hence the long quotation.
_RESIDENCE_WRONG = {
    "tg": (
        "маълумот дар бораи ҷойи истиқомати ӯ ё номи пурраи шахси ҳуқуқӣ зикр нашудааст, суроғаи "
        "ҷойгиршавии он зикр нашудааст ё нодуруст аст"
    ),
    "ru": (
        "сведения о месте его жительства или полное наименование юридического лица, не указан или "
        "указан неверно адрес места его нахождения"
    ),
    "en": (
        "information about his place of residence or the full name of the legal entity, the address "
        "of its locations is not mentioned or wrong"
    ),
}
_LOCATION = {
    "tg": "суроғаи ҷойгиршавии он зикр нашудааст ё нодуруст аст",
    "ru": "не указан или указан неверно адрес места его нахождения",
    "en": "the address of its locations is not mentioned or wrong",
}
_SIGNATURE = {
    "tg": "бе имзо (имзои электронии рақамӣ) пешниҳод шудааст",
    "ru": "представлены без подписи (электронной цифровой подписи)",
    "en": "is submitted without signature (digital signature)",
}

LAW_WORDS = {
    "NAME_MISSING": _NAME,
    "NAME_PARTIAL": _NAME,
    "RESIDENCE_MISSING": {
        "tg": "маълумот дар бораи ҷойи истиқомати ӯ",
        "ru": "сведения о месте его жительства",
        "en": "information about his place of residence",
    },
    "RESIDENCE_WRONG": _RESIDENCE_WRONG,
    "ENTITY_NAME_MISSING": {
        "tg": "номи пурраи шахси ҳуқуқӣ зикр нашудааст",
        "ru": "полное наименование юридического лица",
        "en": "the full name of the legal entity",
    },
    "LOCATION_MISSING": _LOCATION,
    "LOCATION_WRONG": _LOCATION,
    "DATA_UNTRUE": {
        "tg": "маълумот ба ҳақиқат мувофиқ нест",
        "ru": "сведения не соответствуют действительности",
        "en": "information does not correspond to reality",
    },
    "UNSIGNED": _SIGNATURE,
    "SIGNATURE_INVALID": _SIGNATURE,
}

GROUNDS = {
    "NAME_MISSING": {
        "tg": (
            "Насаб ва номи муроҷиаткунанда зикр нашудааст: насаб, ном ва номи падарро ҳамон тавр "
            "нависед, ки дар ҳуҷҷати тасдиқкунандаи шахсият сабт шудааст."
        ),
        "ru": (
            "Не указано имя заявителя: напишите фамилию, имя и отчество так, как они записаны в "
            "документе, удостоверяющем личность."
        ),
        "en": (
            "The applicant's name is not given: write the surname, name and patronymic as they stand "
            "in the identity document."
        ),
    },
    "NAME_PARTIAL": {
        "tg": (
            "Насаб ва ном пурра нест: насаб, ном ва номи падарро бе ихтисор нависед ё қайд кунед, ки "
            "номи падар надоред ё танҳо як ном доред."
        ),
        "ru": (
            "Имя указано не полностью: напишите фамилию, имя и отчество без сокращений либо "
            "отметьте, что у вас нет отчества или что у вас только одно имя."
        ),
        "en": (
            "The name is not complete: write the surname, name and patronymic without initials, or "
            "mark that you have no patronymic or have only one name."
        ),
    },
    "RESIDENCE_MISSING": {
        "tg": (
            "Ҷойи истиқомат зикр нашудааст: вилоят ва шаҳр ё ноҳияро (дар хориҷа — кишварро) интихоб "
            "кунед ва номи маҳалли аҳолинишин ё кӯчаро нависед."
        ),
        "ru": (
            "Не указано место жительства: выберите область и город или район (за рубежом — страну) и "
            "напишите название населённого пункта или улицы."
        ),
        "en": (
            "The place of residence is not given: choose the region and the district (abroad, the "
            "country) and write the settlement or the street."
        ),
    },
    "RESIDENCE_WRONG": {
        "tg": (
            "Ҷойи истиқомат нодуруст нишон дода шудааст: вилоят, шаҳр ё ноҳия ва маҳалли "
            "аҳолинишинро санҷида, ислоҳ кунед."
        ),
        "ru": ("Место жительства указано неверно: проверьте и исправьте область, город или район и населённый пункт."),
        "en": ("The place of residence is wrong: check and correct the region, the district and the settlement."),
    },
    "ENTITY_NAME_MISSING": {
        "tg": (
            "Номи пурраи шахси ҳуқуқӣ зикр нашудааст: онро ҳамон тавр нависед, ки дар ҳуҷҷати "
            "бақайдгирии давлатӣ сабт шудааст."
        ),
        "ru": (
            "Не указано полное наименование юридического лица: напишите его так, как оно записано в "
            "документе о государственной регистрации."
        ),
        "en": (
            "The full name of the legal entity is not given: write it as it stands in the document "
            "of state registration."
        ),
    },
    "LOCATION_MISSING": {
        "tg": (
            "Суроғаи ҷойгиршавии шахси ҳуқуқӣ зикр нашудааст: вилоят ва шаҳр ё ноҳияро (дар хориҷа — "
            "кишварро) интихоб кунед ва суроғаро нависед."
        ),
        "ru": (
            "Не указан адрес места нахождения юридического лица: выберите область и город или район "
            "(за рубежом — страну) и напишите адрес."
        ),
        "en": (
            "The address of the legal entity is not given: choose the region and the district "
            "(abroad, the country) and write the address."
        ),
    },
    "LOCATION_WRONG": {
        "tg": "Суроғаи ҷойгиршавии шахси ҳуқуқӣ нодуруст нишон дода шудааст: онро санҷида, ислоҳ кунед.",
        "ru": "Адрес места нахождения юридического лица указан неверно: проверьте и исправьте его.",
        "en": "The address of the legal entity is wrong: check and correct it.",
    },
    "DATA_UNTRUE": {
        "tg": (
            "Корманди масъул маълумотро санҷида, муайян кард, ки он ба ҳақиқат мувофиқ нест: "
            "маълумотро ислоҳ кунед ё ҳуҷҷати тасдиқкунандаи онро пешниҳод намоед."
        ),
        "ru": (
            "Ответственный сотрудник проверил сведения и установил, что они не соответствуют "
            "действительности: исправьте их или представьте подтверждающий документ."
        ),
        "en": (
            "An officer checked the information and found that it does not correspond to reality: "
            "correct it or send a document that confirms it."
        ),
    },
    "UNSIGNED": {
        "tg": (
            "Муроҷиат имзо нашудааст: тасвири имзои дастии худро замима кунед ё муроҷиатро бо имзои "
            "электронии рақамӣ имзо намоед."
        ),
        "ru": (
            "Обращение не подписано: приложите изображение своей собственноручной подписи или "
            "подпишите обращение электронной цифровой подписью."
        ),
        "en": (
            "The appeal is not signed: attach an image of your handwritten signature or sign the "
            "appeal with a digital signature."
        ),
    },
    "SIGNATURE_INVALID": {
        "tg": (
            "Ҳақиқӣ будани имзои электронии рақамӣ тасдиқ нашуд: муроҷиатро бо сертификати "
            "эътибордор аз нав имзо кунед ё тасвири имзои дастии худро замима намоед."
        ),
        "ru": (
            "Подлинность электронной цифровой подписи не подтверждена: подпишите обращение заново с "
            "действительным сертификатом или приложите изображение своей собственноручной подписи."
        ),
        "en": (
            "The digital signature could not be confirmed: sign the appeal again with a valid "
            "certificate or attach an image of your handwritten signature."
        ),
    },
}

NOTES = {
    "PATRONYMIC_DECLARED_ABSENT": {
        "tg": "Муроҷиаткунанда изҳор намудааст, ки номи падар надорад.",
        "ru": "Заявитель указал, что не имеет отчества.",
        "en": "The applicant declared that there is no patronymic.",
    },
    "IDENTIFIED_BY_CERTIFICATE": {
        "tg": "Ном ё қисми зикрнашудаи он аз сертификати имзои электронии рақамӣ муайян карда шудааст.",
        "ru": ("Имя (наименование) или его недостающая часть установлены по сертификату электронной цифровой подписи."),
        "en": ("The name, or the part of it that was missing, is known from the certificate of the digital signature."),
    },
    "CERTIFICATE_NAME_DIFFERS": {
        "tg": "Ном дар сертификати имзои электронии рақамӣ аз номи дар муроҷиат зикршуда фарқ мекунад.",
        "ru": ("Имя (наименование) в сертификате электронной цифровой подписи отличается от указанного в обращении."),
        "en": "The name in the certificate of the digital signature differs from the one in the appeal.",
    },
    "CHECK_PLAUSIBILITY": {
        "tg": ("Маълумот пурра аст, аммо ғайриоддӣ менамояд: дурустии онро санҷед; ин худ асоси рад кардан нест."),
        "ru": ("Сведения полны, но выглядят необычно: проверьте их; само по себе это не основание для отказа."),
        "en": ("The information is complete but looks unusual: check it; this alone is no ground for a refusal."),
    },
}

VERDICTS = {
    "examined": {
        "tg": "Муроҷиат ба талаботи моддаи 21 ҷавобгӯ буда, баррасӣ карда мешавад.",
        "ru": "Обращение отвечает требованиям статьи 21 и будет рассмотрено.",
        "en": "The appeal meets the requirements of Article 21 and will be examined.",
    },
    "for_officer": {
        "tg": "Маълумотро корманди масъул месанҷад ва дар бораи баррасии муроҷиат қарор қабул мекунад.",
        "ru": "Ответственный сотрудник проверит сведения и примет решение о рассмотрении обращения.",
        "en": "An officer will check the information and decide on the examination of the appeal.",
    },
    "anonymous_crime": {
        "tg": (
            "Муроҷиат беном ҳисобида мешавад, вале баррасӣ карда мешавад, зеро дар он маълумот дар "
            "бораи ҷинояти тайёршаванда ё содиршуда мавҷуд аст."
        ),
        "ru": (
            "Обращение считается анонимным, но будет рассмотрено, так как содержит сведения о "
            "готовящемся или совершённом преступлении."
        ),
        "en": (
            "The appeal is considered to be anonymous, but it will be examined, because it contains "
            "information about a planned or committed crime."
        ),
    },
    "anonymous": {
        "tg": "Муроҷиат беном ҳисобида мешавад ва баррасӣ карда намешавад.",
        "ru": "Обращение считается анонимным и рассмотрению не подлежит.",
        "en": "The appeal is considered to be anonymous and will not be examined.",
    },
}
