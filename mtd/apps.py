from django.apps import AppConfig


class MtdConfig(AppConfig):
    """What we do with a permission: businesses, obligations, submissions."""

    name = "mtd"
    default_auto_field = "django.db.models.BigAutoField"
