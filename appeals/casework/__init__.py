"""Every change of an appeal: each is one function, one transaction, one journal entry."""

from .base import Action as Action
from .base import Refused as Refused
from .exchange import OPEN as OPEN
from .exchange import add as add
from .exchange import answer as answer
from .exchange import ask as ask
from .exchange import leave_unexamined as leave_unexamined
from .exchange import may_be_rated as may_be_rated
from .exchange import mend as mend
from .exchange import rate as rate
from .exchange import replace_code as replace_code
from .exchange import withdraw as withdraw
from .intake import SentFile as SentFile
from .intake import assess_facts as assess_facts
from .intake import assess_signed as assess_signed
from .intake import receive as receive
from .intake import register as register
from .intake import release as release
from .keys import office_public_key as office_public_key
from .keys import reseal as reseal
from .reading import Opened as Opened
from .reading import chain_is_whole as chain_is_whole
from .reading import read as read
from .reading import read_file as read_file
