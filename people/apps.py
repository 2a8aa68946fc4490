from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Staff, their roles, API keys, and what was asked by whom."""

    name = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from people import passkeys
        from people.sealed import tell_the_vault

        tell_the_vault()
        passkeys.install()
