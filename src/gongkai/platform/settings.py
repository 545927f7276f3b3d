"""Django's settings, all taken from ``environment``; nothing is switched by host name or by a debug flag."""

from __future__ import annotations

from pathlib import Path

from gongkai.platform.core.keys import keys_path, load_keys
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
    "django_tasks",
    "django_tasks_db",
    "gongkai.platform.core",
    "gongkai.platform.ledger",
    "gongkai.platform.cases",
    "gongkai.platform.reporting",
    "gongkai.platform.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gongkai.platform.desk.frame.frame",
            ],
        },
    }
]

AUTH_USER_MODEL = "core.Person"
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:work_list"
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
SESSION_SAVE_EVERY_REQUEST = True
"""The session's end is counted from the last request: an idle time limit."""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.secure
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
