"""The portal's settings: the only place that reads the environment.

Every variable is listed in the README's table. An odd value stops the start with the variable's name;
with ``PORTAL_ENV=production`` so does a missing secret. A secret ``X`` may also come from a file named
by ``X_FILE``.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from appeals.retention import Terms

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return value in {"1", "true", "yes", "on"} if value else default
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def env_days(name: str, default: int) -> int:
    """At least a month of days: an answer can still be judged, and letters may still wait for a mail server."""
    value = env_int(name, default)
    if not 31 <= value <= 36525:
        raise ImproperlyConfigured(f"{name} must be 31 to 36525 days, not '{value}'.")
    return value


def env_list(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def env_choice(name: str, choices: tuple[str, ...]) -> str:
    """One of ``choices``; the first is the default."""
    value = os.environ.get(name, "").strip() or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def env_secret(name: str) -> str:
    """The secret ``name`` from the environment, or from the file named by ``name_FILE``, or ""."""
    path = os.environ.get(f"{name}_FILE", "").strip()
    if path and not os.environ.get(name):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from None
    return os.environ.get(name, "").strip()


def env_site(name: str, default: str) -> str:
    """An address of a site: scheme and host, with a port perhaps, and nothing after it."""
    value = os.environ.get(name, "").strip() or default
    if value and not re.fullmatch(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?/?", value):
        raise ImproperlyConfigured(f"{name} must be like https://example.org, not {value!r}.")
    return value.rstrip("/")


def store_key(name: str) -> str:
    """A key to the store of the media: without it the store cannot be used."""
    if value := env_secret(name):
        return value
    raise ImproperlyConfigured(f"{name} is needed with MEDIA_S3_BUCKET: set it, or {name}_FILE.")


def env_address(name: str, default: str) -> str:
    """An e-mail address alone, without a name."""
    value = os.environ.get(name, "").strip() or default
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.:\[\]-]{1,255}", value):
        raise ImproperlyConfigured(f"{name} must be an e-mail address, not {value!r}.")
    return value


def env_clamd(name: str) -> str:
    """The path of a Unix socket, or a host and a port, or ""."""
    value = os.environ.get(name, "").strip()
    if value and not re.fullmatch(r"/.+|([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}", value):
        raise ImproperlyConfigured(f"{name} must be the path of a socket or host:port, not {value!r}.")
    return value


PRODUCTION = env_choice("PORTAL_ENV", ("local", "production")) == "production"
# What this process does: "public" faces readers and citizens and has no admin, "office" has the key to the appeals.
PORTAL_ROLE = env_choice("PORTAL_ROLE", ("all", "public", "office"))
DATA_DIR = Path(os.environ.get("PORTAL_DATA_DIR") or BASE_DIR / "var").resolve()


def required(name: str, value: str, how: str) -> str:
    """``value``; in production a missing one stops the start and the message says ``how`` to set it."""
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"PORTAL_ENV=production needs {name}: {how}")
    return value


def key_of_32_bytes(name: str, value: str) -> str:
    """``value`` if it is empty or 64 hexadecimal digits."""
    if value and not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        raise ImproperlyConfigured(f"{name} must be 64 hexadecimal digits.")
    return value.lower()


def local_secret(name: str) -> str:
    """A secret made once for this machine and kept in the data folder, readable by its owner alone."""
    path = DATA_DIR / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = path.with_suffix(f".{os.getpid()}")
        scratch.touch(mode=0o600)
        scratch.write_text(secrets.token_hex(32))
        try:
            os.link(scratch, path)  # The first process to get here wins: all read the same secret.
        except FileExistsError:
            pass
        scratch.unlink()
    return path.read_text().strip()


DEBUG = env_bool("DEBUG", False)
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("DEBUG must not be set with PORTAL_ENV=production.")

SECRET_KEY = required(
    "SECRET_KEY",
    env_secret("SECRET_KEY"),
    "set SECRET_KEY (or SECRET_KEY_FILE) to at least 50 random characters, "
    'for instance from: python3 -c "import secrets; print(secrets.token_urlsafe(50))"',
) or local_secret("django")
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")
required("ALLOWED_HOSTS", ",".join(ALLOWED_HOSTS), "set ALLOWED_HOSTS to the site's host names, comma-separated.")
if not PRODUCTION:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

# Applications -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal",
    "news",
    "appeals",
    "captcha",
    "simple_history",
    "django_prose_editor",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "portal.requests.RouteMiddleware",
    "portal.middleware.SecurityHeadersMiddleware",  # Before the next, so that its redirects to HTTPS carry them, too.
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.BodyLimitMiddleware",
    "portal.middleware.CompressTextMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "portal.middleware.ViewMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.staff.middleware.StaffAuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.staff.middleware.StaffSecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "news.old_addresses.OldAddressMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["portal.templatetags.icon_tags", "portal.templatetags.typography_tags"],
        },
    },
]
FORM_RENDERER = "portal.forms.PortalRenderer"

# Database ---------------------------------------------------------------------------------------------------------

# What libpq is told unless the address says otherwise: who asks, and how soon a dead server is noticed.
LIBPQ = {
    "application_name": f"portal-{PORTAL_ROLE}",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


def database(url: str, **libpq: str | int) -> dict[str, object]:
    """``url`` may name several servers, as libpq has it (``host:port,host:port``): the first that will do is taken."""
    if named := re.fullmatch(r"(postgres(?:ql)?://(?:[^/@]*@)?)([^/?@]*,[^/?@]*)(.*)", url):
        servers = [re.fullmatch(r"(\[[^]]+\]|[^:\[\]]+)(?::([0-9]+))?", server) for server in named[2].split(",")]
        if not all(servers):
            raise ImproperlyConfigured("DATABASE_URL must name its servers as host:port,host:port.")
        libpq |= {"host": ",".join(server[1].strip("[]") for server in servers if server),
                  "port": ",".join(server[2] or "5432" for server in servers if server)}  # fmt: skip
        url = named[1] + named[3]
    found = dj_database_url.parse(
        url,
        conn_max_age=env_int("DATABASE_CONN_MAX_AGE", 60),
        conn_health_checks=True,
        # With a pooler between, the next question of a cursor may reach another server process.
        disable_server_side_cursors=env_bool("DATABASE_POOLER", False),
    )
    if found["ENGINE"] == "django.db.backends.postgresql":
        found["OPTIONS"] = LIBPQ | libpq | found.get("OPTIONS", {})
    return found


DATABASES = {
    "default": database(
        required("DATABASE_URL", env_secret("DATABASE_URL"), "set DATABASE_URL, e.g. postgres://user:pass@host/name.")
        or f"sqlite:///{DATA_DIR / 'portal.sqlite3'}"
    )
}
if replica_url := env_secret("DATABASE_REPLICA_URL"):
    # A replica that does not answer in two seconds is passed over (see portal/replica.py).
    DATABASES["replica"] = database(replica_url, connect_timeout=2, options="-c statement_timeout=5000")
    if not DATABASES["replica"]["ENGINE"] == DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_REPLICA_URL and DATABASE_URL must both be postgres://….")
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    DATABASE_ROUTERS = ["portal.replica.Router"]
    REPLICA_APPS = {"news"}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Writers take the lock at BEGIN: two of them wait for each other instead of failing midway.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # What is erased is overwritten: it costs 0.04 ms a row, 4 ms a megabyte.
        # Not mapped into memory: each thread's connection would map it anew, and no page is faster for it. Of what
        # a connection keeps itself, in kB, there are as many as threads; the system keeps the file for all.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-1000; "
        "PRAGMA secure_delete=ON;",
    }
    # Tests use a file too: SQLite in memory locks in another way.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis or Valkey, where several machines are to know what one of them drew or counted.
CACHE_URL = env_secret("CACHE_URL")
if CACHE_URL and not re.fullmatch(r"(rediss?|unix)://\S+", CACHE_URL):
    raise ImproperlyConfigured("CACHE_URL must be like redis://:password@host:6379/0.")


def cache_of(name: str, entries: int, seconds: int = 300) -> dict[str, Any]:
    """A cache for all processes of this machine, in files; with CACHE_URL for all machines."""
    made = {"TIMEOUT": seconds, "OPTIONS": {"MAX_ENTRIES": entries}}
    if not CACHE_URL:
        return made | {"BACKEND": "portal.file_cache.FileCache", "LOCATION": DATA_DIR / name}
    shared = {"LOCATION": CACHE_URL, "KEY_PREFIX": f"portal.{name}", "FILES": DATA_DIR / name}
    return made | shared | {"BACKEND": "portal.shared_cache.SharedCache"}


CACHES = {
    # What 2,000 appeals a minute make in some minutes: nobody's tries are forgotten sooner, nobody's picture lost.
    "default": cache_of("cache", 10_000),
    # Pictures and documents that are drawn from public texts; apart, so that they push no counter out.
    "drawn": cache_of("drawn", 1000, 7 * 24 * 3600),
    # The CAPTCHA's pictures and sounds, as long as they can be answered.
    "captcha": cache_of("captcha", 10_000, 30 * 60),
}

# SQLite leaves out the further columns of an index; it finds the same rows without them.
SILENCED_SYSTEM_CHECKS = ["models.W040"]

# Public pages kept in the memory of each server process, in megabytes; 0: none (see docs/performance.md).
PAGE_CACHE_MB = env_int("PAGE_CACHE_MB", 0 if DEBUG else 64)
if not 0 <= PAGE_CACHE_MB <= 65536:
    raise ImproperlyConfigured(f"PAGE_CACHE_MB must be 0 to 65536 megabytes, not '{PAGE_CACHE_MB}'.")

# Languages and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "tg"
LANGUAGES = [("tg", "Тоҷикӣ"), ("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = "Asia/Dushanbe"
USE_TZ = True

# Files ------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# Films that the asker may have are given out by the web server in front (X-Accel-Redirect): see deploy/nginx.
MEDIA_BY_PROXY = env_bool("MEDIA_BY_PROXY", False)
# Media in an S3-compatible store, private as the folder is: see portal/object_store.py.
MEDIA_S3_BUCKET = os.environ.get("MEDIA_S3_BUCKET", "").strip()
MEDIA_STORE: dict[str, object] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
if MEDIA_S3_BUCKET:
    if MEDIA_BY_PROXY:
        raise ImproperlyConfigured("MEDIA_BY_PROXY is for files in a folder: MEDIA_S3_BUCKET must not be set with it.")
    MEDIA_STORE = {
        "BACKEND": "portal.object_store.MediaStore",
        "OPTIONS": {
            "bucket_name": MEDIA_S3_BUCKET,
            "endpoint_url": env_site("MEDIA_S3_ENDPOINT", "") or None,
            "region_name": os.environ.get("MEDIA_S3_REGION", "").strip() or None,
            "access_key": store_key("MEDIA_S3_ACCESS_KEY"),
            "secret_key": store_key("MEDIA_S3_SECRET_KEY"),
        },
    }
STORAGES = {
    "default": MEDIA_STORE,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "portal.static_files.JoinedStaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Compressed already, or (maps of a library's source) fetched by no reader.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("avif", "br", "gif", "gz", "jpeg", "jpg", "map", "png", "webp", "woff", "woff2")
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "portal.uploads.PrivateUploadHandler",  # What citizens send never lies on the disk in clear.
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The whole body of a request; a photo desk sends many photos at once.
BODY_LIMIT = env_int("BODY_LIMIT_MB", 160) * 2**20
BODY_LIMIT_PUBLIC = 64 * 2**20
# An event with 300 photos has 14 fields and a place for a file in each row.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 500

# Security ---------------------------------------------------------------------------------------------------------

HTTPS = env_bool("HTTPS", PRODUCTION)
# With this prefix browsers take a cookie from this host alone, by HTTPS, for all of its pages: no sister host, and
# nobody on the line, can put one of his own in its place. deploy/nginx knows the names, too.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
MESSAGE_STORAGE = "portal.message_storage.PrefixedStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS and env_bool("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 31536000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env_bool("BEHIND_PROXY", False)
# CHANGED_FLAG in deploy/site.values.
PUBLIC_CHANGED_FLAG = DATA_DIR / "public-changed" if BEHIND_PROXY else None
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Length, and nothing that is tried first; no rule about kinds of characters: it makes passwords alike.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.staff.passwords.NoWordsOfOurs"},
    {"NAME": "portal.staff.passwords.NotThePresentOne"},
]
AUTHENTICATION_BACKENDS = ["portal.staff.backend.OneQuestionBackend"]
LOGIN_URL = "admin:login"
# "required": without a second factor nobody of the staff gets further than to setting one up.
SECOND_FACTOR = env_choice("SECOND_FACTOR", ("required", "optional") if PRODUCTION else ("optional", "required"))
STAFF_IDLE_MINUTES = env_int("STAFF_IDLE_MINUTES", 30)
if not 5 <= STAFF_IDLE_MINUTES <= 720:
    raise ImproperlyConfigured(f"STAFF_IDLE_MINUTES must be 5 to 720 minutes, not '{STAFF_IDLE_MINUTES}'.")

# CAPTCHA: django-simple-captcha draws from a random generator seeded with the public key in the picture's
# address, so it only keeps the challenge: what is asked and drawn is ours (appeals/captcha.py).
CAPTCHA_CHALLENGE_FUNCT = "appeals.captcha.digits"
CAPTCHA_TIMEOUT = 20  # minutes: time to read the appeal over and to sign it

# Appeals ----------------------------------------------------------------------------------------------------------

# The reading of Article 21 (see appeals/article21.py): every missing element alone, or only together with
# the missing signature.
ARTICLE21_READING = env_choice("ARTICLE21_READING", ("each", "together"))
ARTICLE21_PATRONYMIC = env_choice("ARTICLE21_PATRONYMIC", ("if_any", "strict"))
APPEAL_TERM_DAYS = env_int("APPEAL_TERM_DAYS", 30)
APPEAL_REGISTER_DAYS = env_int("APPEAL_REGISTER_DAYS", 3)  # the office's own rule: registered within these days
APPEAL_EXTEND_DAYS = env_int("APPEAL_EXTEND_DAYS", 30)  # how far the term of one appeal may be extended, in total
APPEAL_FORWARD_DAYS = env_int("APPEAL_FORWARD_DAYS", 5)  # the office's own rule, from registration
CRIME_HANDOVER_HOURS = env_int("CRIME_HANDOVER_HOURS", 24)  # from the confirmation; the office's own rule
# A term whose last day is a weekend day or a holiday (staff keep them) ends on the next working day.
TERM_ENDS_ON_WORKING_DAY = env_bool("TERM_ENDS_ON_WORKING_DAY", True)
# With more overdue appeals than this their applicants are told that answers are late; 0: never.
APPEAL_BACKLOG = env_int("APPEAL_BACKLOG", 200)
APPEAL_CURE_DAYS = env_int("APPEAL_CURE_DAYS", 15)  # how long the office waits for what it asked the applicant
# Every answer is read and approved by a second person before the applicant gets it.
ANSWER_SECOND_PERSON = env_bool("ANSWER_SECOND_PERSON", True)
APPEAL_CAMPAIGN_FROM = env_int("APPEAL_CAMPAIGN_FROM", 5)  # from so many people on, like letters are a campaign
APPEAL_REOPEN_DAYS = env_int("APPEAL_REOPEN_DAYS", 30)  # how long an applicant may say that an answer did not help
# Figures of the months that are over, without small numbers, on a page for everybody.
APPEAL_STATISTICS_PUBLIC = env_bool("APPEAL_STATISTICS_PUBLIC", False)
# The street address of the reception, in the languages that have one: "RECEPTION_ADDRESS_TG" and so on.
RECEPTION_ADDRESS = {code: os.environ.get(f"RECEPTION_ADDRESS_{code.upper()}", "").strip() for code, _name in LANGUAGES}
# Days for which an appeal is kept after it ended, by outcome; then two people may have it erased. What tells of a
# crime is kept at least KEEP_CRIME_DAYS.
RETENTION = Terms(
    answered=env_days("KEEP_ANSWERED_DAYS", 1825),
    not_examined=env_days("KEEP_NOT_EXAMINED_DAYS", 1095),
    withdrawn=env_days("KEEP_WITHDRAWN_DAYS", 365),
    crime=env_days("KEEP_CRIME_DAYS", 3650),
)
DRAFT_HOURS = 24
TRACKING_MINUTES = 30
UPLOAD_LIMIT = 5 * 2**20  # a signature
ATTACHMENTS_MOST = env_int("ATTACHMENTS_MOST", 10)
ATTACHMENTS_TOTAL = env_int("ATTACHMENTS_TOTAL_MB", 20) * 2**20  # all of one appeal
# Without JavaScript all of them come in one request, with the form around them.
if not 0 < ATTACHMENTS_TOTAL < BODY_LIMIT_PUBLIC - 2**20:
    largest = BODY_LIMIT_PUBLIC // 2**20 - 2
    raise ImproperlyConfigured(
        f"ATTACHMENTS_TOTAL_MB must be a number from 1 to {largest}, not {str(ATTACHMENTS_TOTAL // 2**20)!r}."
    )
# ClamAV's daemon: the path of its Unix socket, or host:port. Without it files are not scanned.
CLAMD_SOCKET = env_clamd("CLAMD_SOCKET")
CLAMD_SECONDS = 15
# The authorities whose certificates are accepted in digital signatures: roots/, intermediates/ and crls/ in a
# folder. Without roots the portal offers no digital signature. Online: ask the authorities' OCSP and CRL services.
SIGNATURE_TRUST_DIR = Path(os.environ.get("SIGNATURE_TRUST_DIR") or DATA_DIR / "trust").resolve()
SIGNATURE_ONLINE = env_bool("SIGNATURE_ONLINE", False)
# The X25519 private key (32 bytes, hexadecimal) to whose public half every appeal's data key is sealed. A process
# that faces citizens alone (PORTAL_ROLE=public) has the public half only: it cannot read what it received.
# Former keys open what has not been sealed anew yet (manage.py reseal_appeals).
if PORTAL_ROLE == "public":
    if os.environ.get("OFFICE_KEY") or os.environ.get("OFFICE_KEY_FILE") or os.environ.get("OFFICE_OLD_KEYS"):
        raise ImproperlyConfigured("PORTAL_ROLE=public must not be given OFFICE_KEY: it is the office's alone.")
    OFFICE_KEYS = []
    OFFICE_PUBLIC_KEY = key_of_32_bytes("OFFICE_PUBLIC_KEY", os.environ.get("OFFICE_PUBLIC_KEY", "").strip())
    if not OFFICE_PUBLIC_KEY:
        raise ImproperlyConfigured("PORTAL_ROLE=public needs OFFICE_PUBLIC_KEY: manage.py office_key prints it.")
else:
    OFFICE_KEY = required(
        "OFFICE_KEY",
        env_secret("OFFICE_KEY"),
        'set OFFICE_KEY (or OFFICE_KEY_FILE) to 64 hexadecimal digits, for instance from: python3 -c "import secrets; '
        'print(secrets.token_hex(32))", and keep a copy of it offline: without it no appeal can be read.',
    ) or local_secret("office")
    OFFICE_KEYS = [
        key_of_32_bytes("OFFICE_KEY", OFFICE_KEY),
        *(key_of_32_bytes("OFFICE_OLD_KEYS", key) for key in env_secret("OFFICE_OLD_KEYS").replace(",", " ").split()),
    ]
    OFFICE_PUBLIC_KEY = ""  # It follows from the private key.

# Backups ----------------------------------------------------------------------------------------------------------

# The X25519 public key to which backups are sealed; its private half is given to "restore" alone.
BACKUP_PUBLIC_KEY = key_of_32_bytes("BACKUP_PUBLIC_KEY", os.environ.get("BACKUP_PUBLIC_KEY", "").strip())
BACKUP_KEYS = [key_of_32_bytes("BACKUP_KEY", key) for key in env_secret("BACKUP_KEY").replace(",", " ").split()]
BACKUP_DIR = Path(os.environ.get("BACKUP_DIR") or DATA_DIR / "backups").resolve()
BACKUP_KEEP = env_int("BACKUP_KEEP", 14)
if BACKUP_KEEP < 1:
    raise ImproperlyConfigured(f"BACKUP_KEEP must be at least 1, not '{BACKUP_KEEP}'.")

# Without a line ---------------------------------------------------------------------------------------------------

# False: the service worker of every browser that comes by throws away the pages that it kept, and then itself.
OFFLINE_PAGES = env_bool("OFFLINE_PAGES", True)

# Work for later and mail ------------------------------------------------------------------------------------------

# True: what a task does is done at once, in the request; there is no worker beside a development server.
TASKS_EAGER = env_bool("TASKS_EAGER", DEBUG)
TASKS_EAGER_RAISES = False

# Where the portal is, for links in letters; "make run" says it itself.
SITE_URL = env_site("SITE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else "http://127.0.0.1:8000")
SITE_HOST = str(urlsplit(SITE_URL).hostname)
# Without a mail server letters become files in the data folder; in production they wait for the machine's own.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "").strip() or ("localhost" if PRODUCTION else "")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "portal.mail_files.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TLS = env_choice(
    "EMAIL_TLS", ("starttls", "tls", "none") if EMAIL_HOST != "localhost" else ("none", "starttls", "tls")
)
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_TLS == "starttls", EMAIL_TLS == "tls"
EMAIL_PORT = env_int("EMAIL_PORT", {"starttls": 587, "tls": 465, "none": 25}[EMAIL_TLS])
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "").strip()
EMAIL_HOST_PASSWORD = env_secret("EMAIL_PASSWORD")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_address("EMAIL_FROM", f"noreply@{'localhost' if ':' in SITE_HOST else SITE_HOST}")

# Health, figures and logs -----------------------------------------------------------------------------------------

# Who brings it is told what /readyz found, as requests from this machine are.
HEALTH_TOKEN = env_secret("HEALTH_TOKEN")
if HEALTH_TOKEN and not re.fullmatch(r"[!-~]{20,}", HEALTH_TOKEN):
    raise ImproperlyConfigured("HEALTH_TOKEN must be at least 20 characters, without spaces.")
DISK_FREE_MB = env_int("DISK_FREE_MB", 1024)
# Figures for Prometheus, on a port of their own; 0: nothing is counted.
METRICS_PORT = env_int("METRICS_PORT", 0)
if not 0 <= METRICS_PORT < 2**16:
    raise ImproperlyConfigured(f"METRICS_PORT must be 0 to 65535, not '{METRICS_PORT}'.")
METRICS_HOST = os.environ.get("METRICS_HOST", "").strip() or "127.0.0.1"
# A collector of error reports; needs requirements-sentry.txt.
SENTRY_DSN = env_secret("SENTRY_DSN")

LOG_FORMAT = env_choice("LOG_FORMAT", ("json", "plain") if PRODUCTION else ("plain", "json"))
LOG_LEVEL = env_choice("LOG_LEVEL", ("WARNING", "INFO", "ERROR"))
# A line for each request and each task: where a machine reads the log, or where it is asked for.
_LINES = {"level": "INFO" if LOG_LEVEL == "INFO" or LOG_FORMAT == "json" else "WARNING"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "portal.logs.PlainFormatter"},
        "json": {"()": "portal.logs.JsonFormatter"},
        "debug": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "debug" if DEBUG else LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # No error mails: a traceback may carry a citizen's words.
    "loggers": {
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        "portal.requests": _LINES,
        "portal.tasks": _LINES,
        # They write parts of certificates into their logs.
        "pyhanko": {"level": "CRITICAL"},
        "pyhanko_certvalidator": {"level": "CRITICAL"},
    },
}
