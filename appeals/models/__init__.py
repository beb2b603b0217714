"""What is stored of appeals and of the office's work on them."""

from .appeal import Appeal as Appeal
from .appeal import AppealFile as AppealFile
from .appeal import Message as Message
from .appeal import Series as Series
from .calendar import Holiday as Holiday
from .calendar import kept_calendar as kept_calendar
from .calendar import year_without_holidays as year_without_holidays
from .drafts import Draft as Draft
from .drafts import DraftFile as DraftFile
from .erasure import ErasureItem as ErasureItem
from .erasure import ErasureProposal as ErasureProposal
from .index import Mark as Mark
from .index import Sketch as Sketch
from .journal import JournalEntry as JournalEntry
from .journal import OfficeEntry as OfficeEntry
from .office import AnswerTemplate as AnswerTemplate
from .office import Authority as Authority
from .office import Department as Department
from .office import Forwarding as Forwarding
from .office import Topic as Topic
from .saved import SavedFilter as SavedFilter
