from django.apps import AppConfig


class ApiConfig(AppConfig):
    """HTTP. No tables; an app for its commands' sake."""

    name = "api"
