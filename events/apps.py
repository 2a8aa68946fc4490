from django.apps import AppConfig


class EventsConfig(AppConfig):
    """What happened: the outbox and the audit trail."""

    name = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from events import factors

        factors.listen()
