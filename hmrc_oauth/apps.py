from django.apps import AppConfig


class HmrcOauthConfig(AppConfig):
    """HMRC's permission: connect sessions, connections and grants."""

    name = "hmrc_oauth"
    default_auto_field = "django.db.models.BigAutoField"
