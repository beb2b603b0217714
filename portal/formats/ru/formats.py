"""Russian dates: entry as the press service writes them."""

DATE_INPUT_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
