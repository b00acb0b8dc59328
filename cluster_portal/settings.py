"""The portal's settings: everything that differs between machines comes from the environment.

docs/operations.md lists each variable. Without DATABASE_URL the embedded servers of core.embedded are meant, on a
developer's machine. Production safety is derived from DEBUG being off everywhere else.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from core import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

EMBEDDED = "DATABASE_URL" not in env.ENVIRON
RUN_DIR = embedded.run_directory()
DEBUG = env.bool("DEBUG", default=False)
# A developer's machine speaks plain HTTP on the loopback address; everywhere else DEBUG off means HTTPS only.
HTTPS_ONLY = not DEBUG and not EMBEDDED

SECRET_KEY = embedded.secret_key(RUN_DIR) if EMBEDDED else env.str("SECRET_KEY")
SITE_URL = (env.str("SITE_URL", default="http://127.0.0.1:8000") if EMBEDDED else env.str("SITE_URL")).rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname
if not SITE_HOST or (HTTPS_ONLY and not SITE_URL.startswith("https://")):
    raise ImproperlyConfigured("SITE_URL is the portal's address: https://, a host, and nothing after it.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if EMBEDDED else [SITE_HOST])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)  # rate limits count by the client's address, not by the proxy's
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "cluster_portal",
    "brand",
    "evaluations",
    "ecosystem",
    "funding",
    "matchmaking",
    "opportunities",
    "programme",
    "members",
    "core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "core.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.SignInRedirectMiddleware",
    "core.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "members.middleware.SecondFactorMiddleware",
    "core.middleware.NotAllowedMiddleware",
]

ROOT_URLCONF = "cluster_portal.urls"
WSGI_APPLICATION = "cluster_portal.wsgi.application"

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
                "cluster_portal.navigation.frame",
            ],
            "builtins": ["template_partials.templatetags.partials", "core.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "core.forms.PortalRenderer"

DATABASES = {"default": env.db_url("DATABASE_URL", default=embedded.database_url(RUN_DIR))}
DATABASES["default"] |= {
    "ATOMIC_REQUESTS": True,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})  # of the address: sslmode and the like
    | {
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=8), "timeout": 10},
        "options": f"-c statement_timeout={env.int('DATABASE_STATEMENT_TIMEOUT_MS', default=15_000)}",
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default=embedded.redis_url(RUN_DIR)) if EMBEDDED else env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

CELERY_BROKER_URL = REDIS_URL
if REDIS_URL.startswith("unix://"):  # Celery writes a socket's address in its own way
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
# A message comes back when its worker vanished: later than the hard limit, or it would run twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 660}
CELERY_BEAT_SCHEDULE = {
    # A heartbeat that nobody took in time is no sign of life later.
    "heartbeat": {"task": "core.beat_heartbeat", "schedule": timedelta(seconds=20), "options": {"expires": 60}},
    "mail": {"task": "core.send_queued_mail", "schedule": timedelta(minutes=1)},
    "imports": {"task": "opportunities.resume_imports", "schedule": timedelta(minutes=1)},
    "sources": {"task": "opportunities.fetch_due_sources", "schedule": timedelta(minutes=5)},
    "filter": {"task": "opportunities.filter_pending", "schedule": timedelta(seconds=30)},
    "round-mails": {"task": "matchmaking.send_due_mails", "schedule": timedelta(minutes=1)},
    "expiry": {"task": "opportunities.expire_passed", "schedule": timedelta(hours=1)},
    "timetables": {"task": "matchmaking.resume_timetables", "schedule": timedelta(minutes=1)},
    "affinities": {"task": "matchmaking.affinities_due", "schedule": timedelta(minutes=1)},
    "requests": {"task": "matchmaking.expire_requests", "schedule": timedelta(minutes=5)},
    # By the clock: a span of days would begin anew with every restart of the beat.
    "round-feedback": {"task": "matchmaking.ask_feedback", "schedule": crontab(minute=5)},
    "round-outcomes": {"task": "matchmaking.ask_outcomes", "schedule": crontab(minute=0, hour=8)},
    "queries": {"task": "evaluations.resume_queries", "schedule": timedelta(minutes=1)},
    "reports": {"task": "evaluations.resume_reports", "schedule": timedelta(minutes=1)},
    "survey-mails": {"task": "evaluations.send_due_mails", "schedule": timedelta(minutes=1)},
    "survey-reminders": {"task": "evaluations.remind_due", "schedule": crontab(minute=20, hour=8)},
    "survey-ends": {"task": "evaluations.close_due", "schedule": timedelta(minutes=1)},
    "outcomes": {"task": "evaluations.gather_outcomes", "schedule": crontab(minute=20)},
    "quarters": {"task": "evaluations.prepare_quarters", "schedule": crontab(minute=40)},
    "follow-ups": {"task": "evaluations.ask_follow_ups", "schedule": crontab(minute=30, hour=8)},
    "grant-reports": {"task": "funding.remind_reports", "schedule": crontab(minute=50, hour=7)},
    "applications": {"task": "funding.remind_due", "schedule": crontab(minute="*/15")},
    "preparations": {"task": "evaluations.resume_preparations", "schedule": timedelta(minutes=1)},
    # Each member once a year: the days after the first are for what a pause of the workers left out.
    "needs": {
        "task": "members.remind_of_needs",
        "schedule": crontab(minute=40, hour=8, day_of_month="1-7", month_of_year=2),
    },
    "activity-reminders": {"task": "programme.remind_of_activities", "schedule": crontab(minute=15)},
    "activity-ends": {"task": "programme.close_activities", "schedule": crontab(minute=25)},
    "packets": {"task": "ecosystem.send_packets", "schedule": timedelta(minutes=5)},
    "daily-packets": {"task": "ecosystem.send_daily_packets", "schedule": crontab(minute="*/5")},
    "refused-packets": {"task": "ecosystem.forget_refused_packets", "schedule": crontab(minute=45, hour=2)},
    "agreements": {"task": "ecosystem.remind_of_agreements", "schedule": crontab(minute=35, hour=8)},
    "pool-mails": {"task": "ecosystem.send_pool_mails", "schedule": crontab(minute=12)},
    "digests": {"task": "opportunities.send_digests", "schedule": crontab(minute=10)},
    "refit": {"task": "opportunities.refit", "schedule": crontab(minute=10, hour=2, day_of_week="sunday")},
}
CONSORTIUM_PAGE = "funding:consortium"  # where the opportunities' room leads for partners of a funding topic
EFFORT_PAGE = "evaluations:goals"  # where the programme's room leads for hours, money and results by goal
PROFILE_CHANGED_TASK = "opportunities.filter_pending"  # what the members' room asks for after each change

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "members.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "members.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proved by the invitation or by the code that it receives
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {"login": "members.forms.people.SignInForm"}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS_ONLY else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED
MFA_TOTP_ISSUER = env.str("CLUSTER_NAME", default="Cluster Portal")
SECOND_FACTOR_FOR_MANAGERS = env.bool("SECOND_FACTOR_FOR_MANAGERS", default=False)
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
if OIDC_SERVER_URL := env.str("OIDC_SERVER_URL", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": "company",
            "name": env.str("OIDC_NAME", default="Single sign-on"),
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": OIDC_SERVER_URL},
        }
    )

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LINK_LANGUAGES = ["en", "sv", "de"]  # of pages that a survey's link opens, and of its mails: see docs/surveys.md
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Stockholm")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DIGEST_DAY = env.str("DIGEST_DAY", default="monday", choices=WEEKDAYS)
DIGEST_HOUR = env.int("DIGEST_HOUR", default=7)
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "words"]  # words: how the account pages of allauth say it here
FORMAT_MODULE_PATH = "core.formats"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "evaluations.finders.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = EMBEDDED
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(RUN_DIR / "media")) if EMBEDDED else env.str("MEDIA_ROOT"))
UPLOAD_LIMIT_MB = env.int("UPLOAD_LIMIT_MB", default=100)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # forms; files stream to disk and are measured by the form
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail://") if EMBEDDED else env.email_url("EMAIL_URL")
vars().update(EMAIL_CONFIG)
if EMBEDDED and "EMAIL_URL" not in env.ENVIRON:
    EMAIL_FILE_PATH = RUN_DIR / "mail"
EMAIL_TIMEOUT = 30  # seconds; without it a silent mail server holds a page or a worker for ever
DEFAULT_FROM_EMAIL = (
    env.str("DEFAULT_FROM_EMAIL", default="portal@localhost") if EMBEDDED else env.str("DEFAULT_FROM_EMAIL")
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Feeds are fetched from public addresses only, except for hosts named here (an intranet's own source).
FETCH_PRIVATE_HOSTS = env.list("FETCH_PRIVATE_HOSTS", default=[])
# What packets to other portals are signed with: see docs/exchange.md. Without it nothing is exchanged.
EXCHANGE_KEY = env.str("EXCHANGE_KEY", default=embedded.exchange_key(RUN_DIR) if EMBEDDED else "")

SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS_ONLY
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *([OIDC_SERVER_URL] if OIDC_SERVER_URL else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}, "plain": {"()": "core.logs.PlainFormatter"}},
    "filters": {"short_refusals": {"()": "core.logs.ShortRefusals"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="plain" if EMBEDDED else "json", choices=("plain", "json")),
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO", choices=LOG_LEVELS)},
    "loggers": {
        "django": {"level": "INFO"},
        "django.request": {"filters": ["short_refusals"]},
        "django.server": {"handlers": ["console"], "propagate": False},
        "httpx": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "portal.request": {"level": "INFO"},
    },
}
