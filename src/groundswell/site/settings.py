"""Django's settings, all derived from the environment that `groundswell.ground` has read and checked.

Nothing here is set by hand: `docs/running/configuration.md` lists what an installation can choose.
"""

import datetime as dt
import secrets
from pathlib import Path
from typing import Any

from groundswell.ground import cluster, environment, keys

ENVIRONMENT = environment.load()
# Without a key file nothing can be stored or signed in to (commands make it first); a passing secret
# lets `makemigrations` and the type checker import these settings all the same.
KEYS = keys.load_if_there(ENVIRONMENT)
SECRET_KEY = KEYS.django_secret if KEYS else secrets.token_hex(32)

PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
DEMO = ENVIRONMENT.is_demo
# What lies after this day is invented in the demo, and the pages say so.
SIMULATED_AFTER = dt.date(2024, 1, 31) if DEMO else None
# Whom the public front names to write to; '' for nobody.
CONTACT = ENVIRONMENT.contact or ""
# The organisation's colour as #rrggbb; '' for the house's own.
ACCENT = ENVIRONMENT.accent or ""
PUBLIC_URL = ENVIRONMENT.public_url or ENVIRONMENT.address
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *environment.hosts(ENVIRONMENT)]
CSRF_TRUSTED_ORIGINS = environment.origins(ENVIRONMENT)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_NAME = "groundswell"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "groundswell.web.problems.forbidden"
SESSION_ENGINE = "groundswell.access.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_cotton",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "groundswell.kernel",
    "groundswell.access",
    "groundswell.web",
    "groundswell.structure",
    "groundswell.people",
    "groundswell.accounts",
    "groundswell.protection",
    "groundswell.duplicates",
    "groundswell.democracy",
    "groundswell.reports",
    "groundswell.exchange",
    "groundswell.site",
]

MIDDLEWARE = [
    "groundswell.web.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before the first that asks the database: that it is away is said in the reader's language, too.
    "django.middleware.locale.LocaleMiddleware",
    "groundswell.access.middleware.ScopeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "groundswell.accounts.middleware.ActorMiddleware",
]

ROOT_URLCONF = "groundswell.site.urls"
WSGI_APPLICATION = "groundswell.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "groundswell.site.navigation.context",
            ],
        },
    }
]


def _database(role: str, *, pool: bool) -> dict[str, Any]:
    """Return Django's settings of a connection as `role`; nothing is started or reached by this."""
    parameters = cluster.connection(ENVIRONMENT, role)
    # What an installed server's address says besides (sslmode, say) goes to the driver as it is.
    said = {"dbname", "user", "password", "host", "port"}
    options: dict[str, Any] = {name: value for name, value in parameters.items() if name not in said}
    if pool:
        # The pool asks a database that is away ever more rarely; once it has given up, the next request asks.
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10, "reconnect_timeout": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parameters["dbname"],
        "USER": parameters["user"],
        "PASSWORD": parameters["password"],
        "HOST": parameters["host"],
        "PORT": parameters["port"],
        # The pool gives out no connection that has died: a database that was restarted costs nobody a page.
        "CONN_HEALTH_CHECKS": pool,
        "OPTIONS": options,
    }


# The application never connects as anybody but gs_app; `owner` exists for migrations alone.
DATABASES = {"default": _database("gs_app", pool=True), "owner": _database("gs_owner", pool=False)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
PASSWORD_HASHERS = ["groundswell.accounts.hashing.FewAtATime"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
FACTOR_URL = "/accounts/factors/"
# Attempts at signing in and codes used, for all processes; nothing else is cached.
CACHES = {"default": {"BACKEND": "groundswell.accounts.memory.SignInMemory"}}

# django-allauth does the steps of signing in (docs/decisions/0640); its pages are ours.
ACCOUNT_ADAPTER = "groundswell.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_FORMS = {
    "reauthenticate": "groundswell.accounts.forms.AgainForm",
    "request_login_code": "groundswell.accounts.forms.AskCodeForm",
    "confirm_login_code": "groundswell.accounts.forms.MailCodeForm",
}
# A whole hall signs in through one network: the limit of a network is wide, that of an account is not.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "60/m/ip,5/5m/key",
    "request_login_code": "60/m/ip,3/5m/key",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "groundswell.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "authenticate": "groundswell.accounts.forms.FactorForm",
    "reauthenticate": "groundswell.accounts.forms.FactorAgainForm",
    "activate_totp": "groundswell.accounts.forms.AuthenticatorAppForm",
    "add_webauthn": "groundswell.accounts.forms.NewPasskeyForm",
    "edit_webauthn": "groundswell.accounts.forms.PasskeyNameForm",
    "login_webauthn": "groundswell.accounts.forms.PasskeyForm",
    "authenticate_webauthn": "groundswell.accounts.forms.PasskeyFactorForm",
    "reauthenticate_webauthn": "groundswell.accounts.forms.PasskeyAgainForm",
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

FILE_UPLOAD_HANDLERS = [
    "groundswell.web.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Everybody of a large unit can be chosen to go over to another when it is split.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

EMAIL_BACKEND, _mail = environment.mail(ENVIRONMENT)
globals().update(_mail)

# For so many seconds what the clock ordered while no worker ran is made up for when one starts: the last
# night at most (decision 0850). In the demo, where what is due tonight is there to be looked at, it is left.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 600 if DEMO else 86_400}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"one_sentence": {"()": "groundswell.ground.events.OneSentence"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["one_sentence"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
