"""The server's entry point: granian runs `application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.site.settings")

application = get_wsgi_application()
