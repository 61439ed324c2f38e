"""What a worker process of the web role runs. Loading it ties the process to its master."""

from __future__ import annotations

import os

from django.conf import settings as django_settings
from django.core.wsgi import get_wsgi_application

from daxiang.domains.restrictions.generations.watch import Watch
from daxiang.foundation.database.url import database_url
from daxiang.foundation.logs import configure_logs
from daxiang.foundation.supervisor.lifeline import die_with_parent

die_with_parent()  # first: a master that is killed outright must not leave us on its port
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daxiang.config.django_settings")
configure_logs("web", os.environ.get("DAXIANG_LOG") or "text")
application = get_wsgi_application()

_settings = django_settings.DAXIANG
Watch(lambda: database_url(_settings), folder=_settings.home / "packs").start()
