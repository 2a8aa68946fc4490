"""What `dramatiq workers.main` imports: Django, the check of keys, the broker and the actors."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "api.settings")

import django

django.setup()

from tenants.guard import check_start
from tenants.leash import die_with_parent

die_with_parent()
check_start(rings=["data", "token"], spends=True)

from workers import actors
from workers.broker import broker

__all__ = ["actors", "broker"]
