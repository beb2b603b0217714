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
.PHONY: help run dev prepare test lint scan fuzz shots approve html bench bench-appeals faults messages audit deploy-check backup restore \
	lock sbom vulnerable release-check

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

# No secrets: pictures, catalogues, and the passwords that are invented for examples and tests.
NOT_SCANNED := \.(png|ico|svg|po|mo|woff2|ttf)$$|^tests/news/search_judgements\.json$$|^tests/deploy/first/note\.json$$
INVENTED := ^(pass|password|PASSWORD|secret|a-secret|wrong|portal_tests|(Correct|Another|Wrong)-Horse-[0-9])$$

scan: $(VENV)/.installed-dev ## weak places in the code (bandit) and secrets in any file (detect-secrets)
	$(PY) -m bandit --quiet --configfile pyproject.toml --recursive appeals news portal deploy manage.py 2>/dev/null
	@git ls-files -z | xargs -0 $(VENV)/bin/detect-secrets-hook --cores 2 --exclude-files '$(NOT_SCANNED)' --exclude-secrets '$(INVENTED)'

fuzz: $(VENV)/.installed-dev ## odd requests to every address of a real server (ARGS="--requests 20000 --seed 1", see docs/security.md)
	@exec $(PY) -m tests.fuzz $(ARGS)

shots: $(VENV)/.installed-dev ## pictures of the pages into var/shots (ARGS=--readme: those of the README)
	@exec $(PY) -m tests.browser.shots $(ARGS)

approve: $(VENV)/.installed-dev ## take the look of today for the one that tests/browser/test_look.py compares with
	@exec $(PY) -m tests.browser.shots --approve

html: $(VENV)/.installed-dev ## the pages by the Nu HTML checker (needs Java and VNU=…/vnu.jar; ARGS=tests for all pages)
	@exec $(PY) -m tests.html_check $(ARGS)

audit: $(VENV)/.installed-dev ## every page by axe, HTML checker, budgets, Lighthouse (needs VNU=… and LIGHTHOUSE=…)
	@exec $(PY) -m tests.browser.audit $(ARGS)

bench: $(VENV)/.installed-dev ## measure the whole portal (needs wrk; ARGS="10000 --write", news-day, storm: docs/performance.md)
	@exec $(PY) -m bench.run $(ARGS)

bench-appeals: $(VENV)/.installed-dev ## measure the office's lists among 200,000 appeals, on DATABASE_URL (ARGS=--keep)
	@exec $(PY) -m bench.appeals $(ARGS)

faults: $(VENV)/.installed-dev ## break the database, disks, clock, mail … under load; one table (ARGS=--write keeps it)
	@exec $(PY) -m tests.faults $(ARGS)

messages: $(VENV)/.installed ## collect the texts for translation and compile the translations (needs gettext)
	@command -v xgettext >/dev/null || { echo "gettext is needed: apt install gettext"; exit 1; }
	$(MANAGE) makemessages --locale tg --locale ru --locale en --no-wrap --add-location file --ignore var --ignore tests
	@# English is the language of the sources: its texts are the sources' own, with printed apostrophes and spaces.
	msgattrib --clear-fuzzy --empty --no-obsolete --no-wrap $(ENGLISH) | msgen --no-wrap --lang=en - \
		| msgfilter --keep-header --no-wrap -o $(ENGLISH) sed -e "s/\([A-Za-z]\)'\([A-Za-z ]\)/\1’\2/g" -e "s/No\. \([0-9%]\)/No. \1/g" -e "s/ \([–—]\) / \1 /g"
	$(MANAGE) compilemessages --ignore .venv --ignore var

backup: $(VENV)/.installed ## save everything in one sealed archive, and check it (BACKUP_PUBLIC_KEY; ARGS=--no-verify)
	@exec $(MANAGE) backup $(ARGS)

restore: $(VENV)/.installed ## put FILE=… back with BACKUP_KEY_FILE (ARGS=--check: only try it; ARGS=--overwrite)
	@exec $(MANAGE) restore "$(FILE)" $(ARGS)

deploy-check: $(VENV)/.installed ## deployment checks and pins (known vulnerabilities are not looked up)
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	@! grep -nvE '^(#.*|-r .*|[a-z0-9-]+(\[[a-z0-9]+\])?==[^ ]+|)$$' requirements.txt requirements-sentry.txt requirements-dev.txt \
		requirements-release.txt || { echo "Every requirement is pinned with ==."; exit 1; }
	@$(PY) -m pip --quiet install --dry-run --no-index --no-deps -r requirements.txt
	@$(PY) -m pip check
	@echo "Checked: deployment settings, pins, installed versions. Not checked: published vulnerabilities of"
	@echo "the packages; that needs a network and an advisory service: make vulnerable."

# What production installs: every package with the digests of its files, for any Linux and Python from 3.11 on.
COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

lock: $(VENV)/.installed-release ## pin what production installs, with digests (ARGS="--upgrade-package django")
	$(COMPILE) $(ARGS) requirements.txt --output-file deploy/requirements.lock
	$(COMPILE) $(ARGS) requirements-sentry.txt --output-file deploy/requirements-sentry.lock
	echo setuptools | $(COMPILE) $(ARGS) - --output-file deploy/build.lock

sbom: $(VENV)/.installed-release ## the list of what production consists of (CycloneDX) into var/sbom.json
	@mkdir -p var
	@$(VENV)/bin/cyclonedx-py requirements deploy/requirements.lock --output-reproducible --short-PURLs --output-file var/sbom.json
	@echo "var/sbom.json: $$(grep -c '"purl"' var/sbom.json) packages"

vulnerable: $(VENV)/.installed-release ## ask an advisory service for known vulnerabilities of what production installs
	@$(VENV)/bin/pip-audit --require-hashes --disable-pip --requirement deploy/requirements-sentry.lock

release-check: $(VENV)/.installed-release ## whether this tree may become a release: one line for each check
	@exec $(PY) -m deploy.release_check $(ARGS)

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

$(VENV)/.installed-dev: requirements-dev.txt requirements-sentry.txt $(VENV)/.installed
	@echo "Installing packages for tests …"
	@$(PY) -m pip --quiet --disable-pip-version-check install -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-release: requirements-release.txt $(VENV)/.installed-dev
	@echo "Installing packages for releases …"
	@$(PY) -m pip --quiet --disable-pip-version-check install -r requirements-release.txt
	@touch $@
