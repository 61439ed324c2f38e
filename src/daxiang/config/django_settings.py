"""Django's settings, derived from ours: nothing here reads the environment by itself."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from daxiang.foundation.database.url import database_url
from daxiang.foundation.demo import with_demo_values
from daxiang.foundation.settings import read_settings

DAXIANG = read_settings(with_demo_values())
BASE = Path(__file__).resolve().parent.parent


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {"connect_timeout": 3, "application_name": "daxiang", **options},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = DAXIANG.secret_key
DEBUG = False
ALLOWED_HOSTS = ["*"]  # every page is the same whatever the host; links are built from DAXIANG_PUBLIC_URL
ROOT_URLCONF = "daxiang.config.urls"
WSGI_APPLICATION = "daxiang.config.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "daxiang.foundation.alarms",
    "daxiang.foundation.inbox",
    "daxiang.foundation.outbox",
    "daxiang.foundation.recurring",
    "daxiang.domains.audit",
    "daxiang.domains.briefings",
    "daxiang.domains.duty",
    "daxiang.domains.officers",
    "daxiang.domains.residents",
    "daxiang.domains.restrictions.generations",
    "daxiang.integrations.wechat.contacts",
    "daxiang.integrations.wechat.client",
    "daxiang.design",
    "daxiang.sites.console",
    "daxiang.sites.inside",
    "daxiang.sites.public",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "daxiang.sites.public.static_files.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "daxiang.sites.body_limit.BodyLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "daxiang.sites.public.context.site",
            ]
        },
    }
]
DATABASES = {"default": _database(database_url(DAXIANG))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
LOGGING_CONFIG = None  # foundation.logs sets logging up once for every kind of process
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
PASSWORD_HASHERS = ["daxiang.domains.officers.hashing.Argon2idHasher"]
SESSION_ENGINE = "daxiang.domains.officers.models"
SESSION_COOKIE_NAME = "daxiang_console"
CSRF_COOKIE_NAME = "daxiang_console_form"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/console/"  # the public pages know no cookie
SESSION_COOKIE_AGE = 8 * 3600  # a shift; afterwards one signs in again
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = DAXIANG.public_url.startswith("https://")
CSRF_TRUSTED_ORIGINS = [DAXIANG.public_url]  # whoever ends TLS before us passes plain HTTP on
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
