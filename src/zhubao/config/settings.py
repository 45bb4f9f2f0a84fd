"""Django settings, all of them from the environment or the data folder; nothing secret stands here."""

import os
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from .database_address import database_settings
from .places import PACKAGE, data_folder
from .secret import secret_key
from .translations import compile_stale

DEBUG = os.environ.get("DEBUG") == "1"
SECRET_KEY = secret_key()
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host] or ["127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("TRUSTED_ORIGINS", "").split(",") if origin]
BEHIND_TLS = os.environ.get("BEHIND_TLS") == "1"
DATA_FOLDER = data_folder()

# Domain apps, lowest first. A new app adds its line here.
DOMAIN_APPS = [
    "zhubao.access",
    "zhubao.programmes",
    "zhubao.tasks",
    "zhubao.notices",
    "zhubao.exchange",
    "zhubao.ledger",
    "zhubao.people",
    "zhubao.rosters",
    "zhubao.accounts",
    "zhubao.evidence",
    "zhubao.cases",
    "zhubao.loans",
    "zhubao.assistance",
    "zhubao.oversight",
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "django_htmx",
    "procrastinate.contrib.django",
    *DOMAIN_APPS,
    "zhubao.procedures",
    "zhubao.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhubao.web.middleware.moment",
    "zhubao.web.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhubao.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhubao.web.middleware.post",
    "zhubao.web.middleware.refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "zhubao.config.urls"
WSGI_APPLICATION = "zhubao.config.wsgi.application"

# Every actor's folder under web/ may bring templates, static files and a catalogue of its own.
ACTOR_FOLDERS = sorted(path.parent for path in (PACKAGE / "web").glob("*/urls.py"))

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates", *(folder / "templates" for folder in ACTOR_FOLDERS)],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "zhubao.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "zhubao.web.templatetags.zhubao"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# Name and address together: a stranger cannot lock a clerk out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "zhubao.web.sign_in.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale", *(folder / "locale" for folder in ACTOR_FOLDERS)]
LANGUAGE_COOKIE_NAME = "language"
# Here and not when the apps are ready: by then an app has asked for a translation and the empty answer is kept.
compile_stale()
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_FOLDER / "static"
STATICFILES_DIRS: list[Path] = [folder / "static" for folder in ACTOR_FOLDERS if (folder / "static").is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_FOLDER / "files"
# A national roster of one county department fits; anything larger comes in parts.
UPLOAD_LIMIT_BYTES = int(os.environ.get("UPLOAD_LIMIT_MB", "300")) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = os.environ.get("UPLOAD_TEMPORARY_FOLDER") or None

SESSION_ENGINE = "zhubao.access.sessions"
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "zhubao.web.refusals.form_expired"

# `tasks` is an app of the field (things to do, due dates), so background work is found in modules named `jobs`.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
