"""What `dramatiq workers.hooks` imports: as workers.main, for the process that talks to strangers. It is given no key
that opens a token.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "api.settings")

import django

django.setup()

from tenants.guard import check_start
from tenants.leash import die_with_parent

die_with_parent()
check_start(rings=["data"], spends=True)

from workers import actors
from workers.broker import broker

__all__ = ["actors", "broker"]
