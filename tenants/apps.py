from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Who is asking, and with which keys. Its tables are the public schema."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"
