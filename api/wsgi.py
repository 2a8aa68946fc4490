"""What granian serves. Checks the keys before the first request; holds no token key."""

import gc
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "api.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from importlib import import_module

from django.conf import settings

from tenants.guard import check_start, refuse
from tenants.leash import die_with_parent

die_with_parent()
if settings.TOKEN_KEK_FILE is not None:
    refuse("TOKEN_KEK_FILE: an API process must not be given the key of tokens.")
check_start(rings=["data"])
# Django imports the routes at the first request: what is broken in them is to stop the start, not that request.
import_module(settings.ROOT_URLCONF)
# What stands by now stands for good: the collector of garbage need not walk through all of it again and again.
gc.collect()
gc.freeze()
# A thread whose answer from PostgreSQL or Redis has come waits no longer than this for another that computes.
sys.setswitchinterval(0.0005)
