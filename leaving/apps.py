from django.apps import AppConfig


class LeavingConfig(AppConfig):
    """What is taken out, and what is destroyed: exports, erasure, off-boarding."""

    name = "leaving"
    default_auto_field = "django.db.models.BigAutoField"
