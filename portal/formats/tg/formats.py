"""Tajik dates: "13 январи соли 2026", where Django's own `tg` locale prints the Russian "13 январ 2026 г."."""

DATE_FORMAT = "j E соли Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E соли Y, H:i"
YEAR_MONTH_FORMAT = "E соли Y"
MONTH_DAY_FORMAT = "j E"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
DATETIME_INPUT_FORMATS = ["%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
