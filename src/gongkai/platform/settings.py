"""Django's settings, all taken from ``environment``; nothing is switched by host name or by a debug flag."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from gongkai.platform.core.keys import keys_path, load_keys
from gongkai.platform.core.logs import logging_settings
from gongkai.platform.environment import read_environment

ENVIRONMENT = read_environment()
HERE = Path(__file__).parent

SECRET_KEY = load_keys(keys_path(ENVIRONMENT.home)).secret
"""Raises ``KeysMissing``: nothing starts without the keyring."""
DEBUG = False
DEMONSTRATION = ENVIRONMENT.demonstration
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "gongkai.platform.urls"
WSGI_APPLICATION = "gongkai.platform.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": dict(ENVIRONMENT.database)}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_otp",
    "django_tasks",
    "django_tasks_db",
    "gongkai.platform.core",
    "gongkai.platform.ledger",
    "gongkai.platform.cases",
    "gongkai.platform.reporting",
    "gongkai.platform.desk",
    "gongkai.platform.operations",
]

MIDDLEWARE = [
    "gongkai.platform.core.middleware.trust_proxies",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "gongkai.platform.core.middleware.quiet_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gongkai.platform.core.middleware.limit_idle_time",
    "gongkai.platform.desk.middleware.Doorkeeper",
    "gongkai.platform.desk.middleware.NoNulls",
    "gongkai.platform.desk.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "gongkai.platform.desk.frame.frame",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": CONTEXT_PROCESSORS,
        },
    }
]

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "gongkai.platform.core.passwords.ClassesValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "gongkai.platform.core.passwords.ReuseValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_DAYS = ENVIRONMENT.password_days
"""A password is changed after so many days; 0: never asked for (law.md 10.1)."""
SECOND_FACTOR_REQUIRED = not ENVIRONMENT.demonstration

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
"""By name and address together, so that a stranger cannot lock an officer out from elsewhere."""
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "gongkai.platform.desk.views.account.log_in.locked_out"
AXES_DISABLE_ACCESS_LOG = True
"""Log-ins stand in our own audit."""
AXES_VERBOSE = False
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "desk:login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = ENVIRONMENT.language
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
"""Shown and legal dates; the database holds UTC."""
USE_TZ = True
LOCALE_PATHS = [HERE / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"

SESSION_COOKIE_AGE = ENVIRONMENT.idle_minutes * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
"""The server ends an idle session (``core.middleware.limit_idle_time``); the cookie stays in the browser, so
that the page then shown can say why."""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.proxies else None
TRUSTED_PROXIES = ENVIRONMENT.proxies
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "gongkai.platform.desk.views.errors.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

FILE_UPLOAD_HANDLERS = ["gongkai.platform.core.uploads.MemoryUploads"]
"""Plain contents of uploads never reach a disk."""
DATA_UPLOAD_MAX_NUMBER_FILES = 50

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOGGING = logging_settings(ENVIRONMENT.log)

if DEMONSTRATION:
    INSTALLED_APPS.append("gongkai.platform.demonstration")
    CONTEXT_PROCESSORS.append("gongkai.platform.demonstration.marks.mark")
