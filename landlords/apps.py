from django.apps import AppConfig


class LandlordsConfig(AppConfig):
    """For whom: landlords, their invitations and their sessions."""

    name = "landlords"
    default_auto_field = "django.db.models.BigAutoField"
