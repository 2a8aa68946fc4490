"""What is read of onboarding: invitations in bulk, campaigns, mails, and landlords who come back."""

from typing import Any

from rest_framework import serializers

from api.fields import Email, Form, Id, Pattern, Text
from api.inputs import UNNAMED
from hmrc_oauth.campaigns import ENDING_SOON
from landlords.bulk import MOST_ROWS
from landlords.mail_texts import TEXTS
from landlords.models import CampaignKind, Deliver
from landlords.stops import BOUNCES

_MOST_LINKS = 100


SINGLE = ["link", "mail", "letter", "branch"]
AGAIN = ["link", "mail", "letter"]


class InvitationIn(Form):
    landlord_id = Id()
    deliver = serializers.ChoiceField(
        choices=SINGLE,
        default="link",
        help_text="link: you hand it over; mail: we send it; letter: a page to print, with a QR code; branch: a QR "
        "code for the landlord's own phone, good for one use in a quarter of an hour.",
    )


class ResendIn(Form):
    deliver = serializers.ChoiceField(choices=AGAIN, default="mail")


class BulkRowIn(Form):
    """A landlord, by id or by the agency's own reference."""

    landlord_id = Id(required=False)
    reference = Text(required=False, max_length=100)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("landlord_id" in attrs) is ("reference" in attrs):
            raise serializers.ValidationError({"landlord_id": [UNNAMED]})
        return attrs


class BulkIn(Form):
    rows = BulkRowIn(many=True, min_length=1, max_length=MOST_ROWS)  # type: ignore[call-arg]
    deliver = serializers.ChoiceField(
        choices=Deliver.choices, default=Deliver.MAIL, help_text="link: take them from /links and send them yourself."
    )
    purpose = serializers.ChoiceField(choices=CampaignKind.choices, default=CampaignKind.CONNECT)


class LinksIn(Form):
    after = serializers.IntegerField(default=0, min_value=0, max_value=MOST_ROWS, help_text="The last row you have.")
    limit = serializers.IntegerField(default=_MOST_LINKS, min_value=1, max_value=_MOST_LINKS)


class CampaignIn(Form):
    """Without landlord_ids and tag: everybody who is to do what the campaign asks for."""

    name = Text(max_length=200)
    kind = serializers.ChoiceField(choices=CampaignKind.choices)
    landlord_ids = serializers.ListField(child=Id(), required=False, min_length=1, max_length=MOST_ROWS)
    tag = Text(required=False, max_length=50)
    within_days = serializers.IntegerField(
        default=ENDING_SOON.days, min_value=1, max_value=547, help_text="To reconnect: whose grant ends by then."
    )
    deliver = serializers.ChoiceField(choices=Deliver.choices, required=False, help_text="Nobody is invited without.")


class LinkRequestIn(Form):
    email = Email(max_length=254)


class CodeRequestIn(Form):
    connect_session = Id(help_text="From the address to which HMRC's return led.")


class CodeIn(CodeRequestIn):
    code = Pattern(r"^[0-9]{6}\Z", max_length=6)


class OptOutIn(Form):
    invitation_token = Text(max_length=100, help_text="From the link in the mail.")


class BounceIn(Form):
    email = Email(max_length=254)
    kind = serializers.ChoiceField(choices=BOUNCES, default=BOUNCES[0])


class TemplateIn(Form):
    subject = Text(max_length=200)
    body = serializers.CharField(max_length=5000, trim_whitespace=False)


class TemplatesIn(Form):
    """By kind of mail; null goes back to our words."""


TemplatesIn._declared_fields.update(  # noqa: SLF001 - a field for each kind there is
    {kind: TemplateIn(required=False, allow_null=True) for kind in TEXTS}
)


class MailSettingsChange(Form):
    reply_to = Email(required=False, allow_blank=True, max_length=254)
    reminder_days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=60),
        required=False,
        max_length=5,
        help_text="Days after the first mail; none for an empty list.",
    )
    cooldown_days = serializers.IntegerField(
        required=False, min_value=1, max_value=60, help_text="Between any two mails that ask a landlord to connect."
    )
    templates = TemplatesIn(required=False)
