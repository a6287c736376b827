"""Django's settings: one file. What differs by installation comes from `config.env`; product knobs live in rows."""

from pathlib import Path
from socket import gethostname
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit, urlunsplit

from celery.schedules import crontab
from kombu import Exchange, Queue
from kombu.common import Broadcast

from config.env import ROOT, env
from config.secrets import refuse_bad
from models_admin.engine.outbound import Rules, near_from

ENV = env()
refuse_bad(ENV)
BASE_DIR = ROOT
DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who may speak to us: full origins (scheme, host and port), never host names alone.
ORIGINS = ENV.origins
ALLOWED_HOSTS = sorted({urlsplit(origin).hostname or "" for origin in ORIGINS})
CSRF_TRUSTED_ORIGINS = ORIGINS
PROXIES = ENV.proxies

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "servestatic",
    "django.contrib.staticfiles",
    "csp",
    "channels",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "config",
    "audit",
    "accounts",
    "retention",
    "breakglass",
    "models_admin",
    "prompts",
    "chat",
    "sharing",
    "moving",
    "finding",
    "health",
    "backup",
    "egress",
]

MIDDLEWARE = [
    "health.metrics.counted",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.house_headers",
    "retention.gate.gate",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "audit.actor.request_actor",
    "accounts.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.gate.gate",
    "django_structlog.middlewares.RequestMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.look.look",
                "accounts.offices.offices",
                "breakglass.notices.notices",
                "retention.notices.notices",
            ]
        },
    }
]


def _address() -> tuple[SplitResult, Path | None]:
    """Return the database's address and the file of its password.

    Who is given the owner's address migrates with it. A process with a role never is the owner, whatever it is given.
    """
    if ENV.owner_database_url and not ENV.role:
        return urlsplit(ENV.owner_database_url), ENV.owner_database_password_file
    return urlsplit(ENV.database_url or "postgresql://hearth@127.0.0.1/hearth"), ENV.database_password_file


def _secret(file: Path | None, quoted: str | None) -> str:
    """Return a password from a file of its own, or the one that stands in an address."""
    return file.read_text().strip() if file else unquote(quoted or "")


def _database(role: str) -> dict[str, Any]:
    """Read the database's address. Web processes keep a pool; workers do not (Celery closes it after every task).

    A pool whose attempts fail doubles its pauses without a limit: given up after 3 s, it begins anew when asked.
    """
    url, password_file = _address()
    query = parse_qs(url.query)
    password = _secret(password_file, url.password)
    pool = {"pool": {"min_size": 1, "max_size": 10, "timeout": 5, "reconnect_timeout": 3}} if role == "web" else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/") or "hearth",
        "USER": unquote(url.username or ""),
        "PASSWORD": password,
        "HOST": query.get("host", [url.hostname or ""])[0],
        "PORT": str(url.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0 if role == "web" else 600,
        "OPTIONS": {"connect_timeout": 3, **pool},
        "TEST": {"NAME": "hearth_test"},
    }


def _redis() -> str:
    """Read HEARTH_REDIS_URL; a password may come from a file of its own."""
    url = urlsplit(ENV.redis_url or "redis://127.0.0.1:6379/0")
    if not ENV.redis_password_file:
        return ENV.redis_url or "redis://127.0.0.1:6379/0"
    secret = quote(ENV.redis_password_file.read_text().strip(), safe="")
    return urlunsplit(url._replace(netloc=f":{secret}@{url.netloc.rpartition('@')[2]}"))


def _own_ports() -> frozenset[int]:
    """Return where Hearth's own data are kept: no server of models is asked there."""
    return frozenset({int(DATABASES["default"]["PORT"] or 5432), urlsplit(REDIS_URL).port or 6379})


def _broker(url: str) -> str:
    """Kombu spells a Unix socket its own way: redis+socket://:secret@/path?virtual_host=0."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={database}"


DATABASES = {"default": _database(ENV.role)}
APPLICATION_ROLE = unquote(urlsplit(ENV.database_url).username or "")
REDIS_URL = _redis()
# Used codes and counted tries: every process must see the same, and sign-in must not hang on Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "hearth_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "hearth"},
    }
}

# Celery is a doorbell: ids in, nothing back; a lost message costs a few seconds because beat rings again.
CELERY_BROKER_URL = _broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_keepalive": True, "health_check_interval": 10}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 4.0
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "celery"
# Every host hears every bell: several may host one model and share what waits for it.
CELERY_TASK_QUEUES = [Queue("celery"), Broadcast("models", routing_key="models")]
# Who rings says what the exchange is, and by which key hosts listen there: else the message is dropped without a word.
_EVERY_HOST: dict[str, Any] = {
    "queue": "models",
    "exchange": "models",
    "routing_key": "models",
    "declare": [Exchange("models", type="fanout")],
}
CELERY_TASK_ROUTES = dict.fromkeys(("chat.serve", "health.pulse_hosts", "egress.try_host"), _EVERY_HOST)
CELERY_TIMEZONE = "UTC"
PULSE_SECONDS = ENV.pulse_seconds  # who gives no pulse for so long is called dead
# A pulse that waits twice its interval is dropped: whoever marks one hears bells in time.
_PULSE_EVERY = min(10.0, PULSE_SECONDS / 4)
_PULSE: dict[str, Any] = {"schedule": _PULSE_EVERY, "options": {"expires": 2 * _PULSE_EVERY}}
CELERY_BEAT_SCHEDULE = {
    "free what a dead worker held": {"task": "chat.reap", "schedule": 2.0, "options": {"expires": 2.0}},
    "ring for what still waits": {"task": "chat.ring_again", "schedule": 3.0, "options": {"expires": 3.0}},
    "anchor the audit log": {"task": "audit.anchor", "schedule": 600.0, "options": {"expires": 600.0}},
    "tell others of the audit log": {"task": "audit.tell", "schedule": 10.0, "options": {"expires": 10.0}},
    "mail invitations": {"task": "accounts.mail_invitations", "schedule": 60.0, "options": {"expires": 60.0}},
    "end break-glass that is over": {"task": "breakglass.sweep", "schedule": 10.0, "options": {"expires": 10.0}},
    "go on with imports": {"task": "moving.ring_again", "schedule": 10.0, "options": {"expires": 10.0}},
    "purge what is due": {"task": "retention.sweep", "schedule": 300.0, "options": {"expires": 300.0}},
    "forget old receipts and lost files": {"task": "retention.tidy", "schedule": crontab(minute=5, hour=4)},
    "look for model files": {"task": "models.scan", "schedule": 60.0, "options": {"expires": 60.0}},
    "forget what machines did long ago": {"task": "models.forget", "schedule": crontab(minute=15, hour=4)},
    "ask for a pulse of housekeeping": {"task": "health.pulse", **_PULSE},
    "ask for a pulse of each host": {"task": "health.pulse_hosts", **_PULSE},
    "look how everything is": {"task": "health.look", "schedule": 30.0, "options": {"expires": 30.0}},
    "forget how everything was": {"task": "health.forget", "schedule": crontab(minute=25, hour=4)},
    "clear expired sessions": {"task": "accounts.clear_sessions", "schedule": crontab(minute=50, hour=3)},
    "cut what the audit log need not keep": {"task": "audit.prune", "schedule": crontab(minute=20, hour=3)},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "chat:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Guessed passwords are counted by accounts.guessing, and who knows theirs waits for nobody; this is for codes.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/300s/key"}
PASSWORD_RESET_TIMEOUT = 24 * 3600
MFA_ADAPTER = "accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute wrong
MFA_FORMS = {
    "add_webauthn": "accounts.factor_forms.AddPasskeyForm",
    "authenticate": "accounts.factor_forms.CodeForm",
    "authenticate_webauthn": "accounts.factor_forms.PasskeyForm",
    "login_webauthn": "accounts.factor_forms.PasskeySignInForm",
    "reauthenticate": "accounts.factor_forms.CodeAgainForm",
    "reauthenticate_webauthn": "accounts.factor_forms.PasskeyAgainForm",
    "edit_webauthn": "accounts.factor_forms.PasskeyNameForm",
}

# Without a mail server nothing is mailed, and nothing is logged instead: mails hold links that let people in.
_MAIL = urlsplit(ENV.mail_url)
MAIL_IS_SET_UP = bool(ENV.mail_url)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_IS_SET_UP else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL.hostname or "localhost", _MAIL.port or 25
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = _secret(ENV.mail_password_file, _MAIL.password)
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.scheme == "smtp+tls", _MAIL.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENV.mail_from

# A __Host- cookie needs TLS; on a plain loopback address the same cookie goes without the prefix and the flag.
# The token against forgery has a cookie of its own, so that who only looks at the sign-in page leaves no row behind.
SESSION_ENGINE = "accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie beside ours
SESSION_COOKIE_NAME = "__Host-hearth" if ENV.secure else "hearth"
CSRF_COOKIE_NAME = f"{SESSION_COOKIE_NAME}-forms"
KNOWN_BROWSER_COOKIE_NAME = f"{SESSION_COOKIE_NAME}-known"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = CSRF_COOKIE_AGE = 365 * 24 * 3600  # the organisation's row ends sessions long before
CSRF_FAILURE_VIEW = "config.errors.forgery"
SECURE_SSL_REDIRECT = ENV.secure  # the proxy says how people came
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.secure else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_SOCKETS = [origin.replace("http", "ws", 1) for origin in ORIGINS]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *_SOCKETS],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Daphne refuses longer bodies while they arrive (config.bodies); chat.forms says how long a question may be.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50

# Each by its own name. Another one is a folder of locale/ and a line here: docs/translating.md.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = DEBUG

VAR = ENV.var
FILES = ENV.files or ENV.var / "files"  # what people attach; web, host and housekeeping see the same folder
MODELS = ENV.models or ENV.var / "models"  # model files, likewise; hosts only read it

# Where servers of the OpenAI protocol may be asked.
OUTBOUND = Rules(tuple(map(near_from, ENV.on_premises)), ENV.outside, _own_ports())
HUB = ENV.hub  # administrators may have model files fetched
HOST = ENV.host or gethostname()  # what this machine is called on the board: no two may be called the same
ANSWERS_AT_ONCE, ANSWERS_WAITING = ENV.answers_at_once, ENV.answers_waiting  # of one person; 0 at once: as many as fit
ANSWER_SECONDS = ENV.answer_seconds  # the longest that one may be written
ANSWER_LEASE_SECONDS = ENV.answer_lease_seconds
AUTHORITY_SECONDS = ENV.authority_seconds

# The audit log: where its anchors go, how long it is kept, and who else hears of it. Housekeeping and commands sign;
# a process that talks with people or models never has the key, whatever it is given.
SIGNS = ENV.role in ("", "housekeeping")
ANCHOR_KEY = (ENV.anchor_key or ENV.var / "anchor_key") if SIGNS else None
ANCHORS = ENV.anchors or ENV.var / "anchors" / "anchors.jsonl"
ANCHOR_SYSLOG, ANCHOR_HTTPS = ENV.anchor_syslog, ENV.anchor_https
AUDIT_DAYS = ENV.audit_days
SIEM = ENV.siem
ALERT_VERBS, ALERT_TO = ENV.alert_verbs, ENV.alert_to

# What is kept, and for how long: every kind, in the order of a sweep. Tombstones stay when the database is restored.
RETAINED = [
    "moving.retained.Imports",
    "chat.retained.Conversations",
    "chat.retained.Files",
    "sharing.retained.Shares",
    "chat.retained_projects.Projects",
    "chat.drafts.Drafts",
    "prompts.retained.Prompts",
    "retention.exporting.Exports",
    "breakglass.retained.Requests",
    "retention.people.Papers",
    "retention.people.Accounts",
]
TOMBSTONES = ENV.tombstones or ENV.var / "tombstones" / "tombstones.jsonl"
EXPORTS = ENV.exports or ENV.var / "exports"
IMPORTS = ENV.imports or ENV.var / "imports"  # files with chats on their way in; web and housekeeping see the same

# Who may read figures, and when a disk is called full.
METRICS_TOKEN_FILE = ENV.metrics_token_file
DISK_FREE = int(ENV.disk_free_gigabytes * 10**9)  # bytes

# One JSON object a line, with request ids, never with content.
DJANGO_STRUCTLOG_CELERY_ENABLED = False
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django_structlog": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
}
