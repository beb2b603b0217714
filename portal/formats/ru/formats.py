"""Russian dates as the press service writes them; «г.» stays with its year."""

DATE_FORMAT = "j E Y\xa0г."
DATETIME_FORMAT = "j E Y\xa0г., H:i"
YEAR_MONTH_FORMAT = "F Y\xa0г."
MONTH_DAY_FORMAT = "j E"

DATE_INPUT_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
