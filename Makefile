# The portal's commands. A machine needs Python 3.11 or newer and make; everything else goes into .venv.

PYTHON ?= python3
VENV   ?= .venv
HOST   ?= 127.0.0.1
PORT   ?= 8000

ENGLISH := locale/en/LC_MESSAGES/django.po
PY     := $(VENV)/bin/python
MANAGE := $(PY) manage.py

# What "check --deploy" needs in order to speak about production; the secrets are made up on the spot.
PRODUCTION = env PORTAL_ENV=production DEBUG=0 ALLOWED_HOSTS=portal.example DATABASE_URL=sqlite:// \
	SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(60))") \
	OFFICE_KEY=$$($(PY) -c "import secrets; print(secrets.token_hex(32))")

.DEFAULT_GOAL := help
.PHONY: help run dev prepare test lint shots html bench-appeals messages audit

help: ## show this list
	@echo "make run [HOST=127.0.0.1] [PORT=8000]   start the portal"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z-]*\):.*## /  make \1: /p' Makefile

# Each recipe that goes on for long is a single command put in the shell's place (exec): a stop reaches it.

run: $(VENV)/.installed ## start the portal with the production server
	@exec env DEBUG=0 ALLOWED_HOSTS="$${ALLOWED_HOSTS:-$(HOST)}" $(PY) -m portal serve --prepare --host "$(HOST)" --port "$(PORT)"

dev: $(VENV)/.installed ## start it for development: reloads itself when a file changes
	@exec env DEBUG=1 $(MANAGE) prepare --site "http://$(HOST):$(PORT)"
	@exec env DEBUG=1 $(MANAGE) runserver "$(HOST):$(PORT)"

prepare: $(VENV)/.installed ## database, static files, demonstration content and first login, without starting
	@exec $(MANAGE) prepare --site "http://$(HOST):$(PORT)"

test: $(VENV)/.installed-dev ## run all tests that this machine can run, and say which it cannot
	@exec $(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.installed-dev ## Python, types and templates
	$(PY) -m ruff check .
	$(PY) -m ruff format --check --quiet .
	$(PY) -m mypy
	$(PY) -m djlint --lint --quiet templates

shots: $(VENV)/.installed-dev ## pictures of the pages into var/shots (ARGS=--readme: those of the README)
	@exec $(PY) -m tests.browser.shots $(ARGS)

html: $(VENV)/.installed-dev ## the pages by the Nu HTML checker (needs Java and VNU=…/vnu.jar; ARGS=tests for all pages)
	@exec $(PY) -m tests.html_check $(ARGS)

bench-appeals: $(VENV)/.installed-dev ## measure the office's lists among 200,000 appeals, on DATABASE_URL (ARGS=--keep)
	@exec $(PY) -m bench.appeals $(ARGS)

messages: $(VENV)/.installed ## collect the texts for translation and compile the translations (needs gettext)
	@command -v xgettext >/dev/null || { echo "gettext is needed: apt install gettext"; exit 1; }
	$(MANAGE) makemessages --locale tg --locale ru --locale en --no-wrap --add-location file --ignore var --ignore tests
	@# English is the language of the sources: its texts are the sources' own.
	msgattrib --clear-fuzzy --empty --no-obsolete --no-wrap $(ENGLISH) | msgen --no-wrap --lang=en -o $(ENGLISH) -
	$(MANAGE) compilemessages --ignore .venv --ignore var

audit: $(VENV)/.installed ## deployment checks and pins (known vulnerabilities are not looked up)
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	@! grep -nvE '^(#.*|-r .*|[a-z0-9-]+(\[[a-z]+\])?==[^ ]+|)$$' requirements.txt requirements-dev.txt \
		|| { echo "Every requirement is pinned with ==."; exit 1; }
	@$(PY) -m pip --quiet install --dry-run --no-index --no-deps -r requirements.txt
	@$(PY) -m pip check
	@echo "Checked: deployment settings, pins, installed versions. Not checked: published vulnerabilities of"
	@echo "the packages; that needs a network and an advisory service, for instance pip-audit."

# .venv is made once; packages are installed again when a requirements file is newer than the stamp.

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null || { \
		echo "The portal needs Python 3.11 or newer; \"$(PYTHON)\" is not. Name another: make run PYTHON=python3.11"; \
		exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing packages …"
	@$(PY) -m pip --quiet --disable-pip-version-check install -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing packages for tests …"
	@$(PY) -m pip --quiet --disable-pip-version-check install -r requirements-dev.txt
	@touch $@
