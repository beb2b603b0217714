"""``python -m portal COMMAND``: manage.py for a service, which Ctrl-C ends at once, also while Python loads it.

Python's own answer to Ctrl-C is an exception, and one that is raised in the wrong moment of an import is
printed and lost: the service would go on.
"""

import os
import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from django.core.management import execute_from_command_line

from portal import __version__

if sys.argv[1:] == ["--version"]:
    sys.stdout.write(f"{__version__}\n")
    sys.exit()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
execute_from_command_line(["manage.py", *sys.argv[1:]])
