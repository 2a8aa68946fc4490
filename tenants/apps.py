from django.apps import AppConfig
from django.db.models.signals import post_delete


class TenantsConfig(AppConfig):
    """Who is asking, and with which keys. Its tables are the public schema."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django_tenants.signals import tenant_delete_callback

        # It listens to the end of every row there is, and so makes Django read each before it deletes it. An agency's
        # schema is never dropped by deleting its row.
        post_delete.disconnect(tenant_delete_callback)
