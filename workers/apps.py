from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """Queues and clocks. No tables; an app for its command's sake."""

    name = "workers"
