"""What the streaming process answers, and nothing else."""

from django.urls import path

from api.urls import handler400, handler404, handler500
from api.views import health
from api.views.operations import OperationEvents

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("api/v1/operations/<uuid:operation_id>/events", OperationEvents.as_view()),
    path("healthz", health.alive),
    path("readyz", health.ready),
]
