"""What DRF costs at the least on the same server: one view that knows nobody and asks nothing. Served by granian."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "api.settings")

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

get_wsgi_application()

from django.conf import settings
from django.urls import path
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Bare(APIView):
    """Says that it is there."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (JSONRenderer,)

    def get(self, request: Request) -> Response:
        return Response({"ok": True})


urlpatterns = [path("bare", Bare.as_view()), path("healthz", Bare.as_view())]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = WSGIHandler()
