"""Django settings of the product."""

SECRET_KEY = "only for checks"
INSTALLED_APPS: list[str] = []
USE_TZ = True
