"""What is read: shapes and bounds. Rules of the business are the rooms'."""

from rest_framework import serializers

from api.fields import Day, Email, Flag, Form, HmrcObject, Id, Pattern, Text, TextDict, Year
from landlords.models import MtdHandling
from mtd.figures import FIGURES
from mtd.models import Channel, MandateKind
from people.models import Role
from people.scopes import KEY_SCOPES
from tenants.models import ReconnectMail

SCOPES = sorted(KEY_SCOPES)
# A scheme, a host in ASCII (or an IPv6 address) and a port; `*` is any port of a developer's own machine.
_WEB = r"^https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:([0-9]{1,5}|\*))?"
_ADDRESS = _WEB + r"(/[^?#\s]*)?\Z"
UNNAMED = serializers.ErrorDetail("Name the landlord by landlord_id or by reference: by one of them.", "one_of")


class LandlordIn(Form):
    reference = Text(required=False, max_length=100)
    full_name = Text(max_length=200)
    email = Email(required=False, allow_blank=True, max_length=254)
    nino = Text(required=False, max_length=20, write_only=True, help_text="Spaces and lower case are taken.")
    external_ids = TextDict(child=Text(max_length=200), required=False)
    tags = serializers.ListField(child=Text(max_length=50), required=False, max_length=50)
    mtd_handling = serializers.ChoiceField(
        choices=MtdHandling.choices,
        required=False,
        help_text="Who sees to the quarterly updates; us, if left out. Only for us is anybody chased or counted.",
    )


class RevealIn(Form):
    reason = Text(max_length=200, help_text="Why the number is needed; kept in the audit trail.")


class LandlordSessionIn(Form):
    invitation_token = Text(max_length=100)


class WithContext(Form):
    """Something that a person asks of HMRC."""

    fraud_context_id = Id(
        required=False, allow_null=True, help_text="From POST /fraud-contexts; required outside local."
    )


class AuthorizeIn(WithContext):
    nino = Text(required=False, allow_null=True, max_length=20)
    return_url = Text(
        required=False,
        allow_blank=True,
        max_length=1500,
        default="",
        help_text="Must be covered by the agency's return_urls; their first if left out.",
    )


class CompleteIn(Form):
    completion_code = Text(max_length=100)


class CheckIn(WithContext):
    nino = Text(
        required=False,
        allow_null=True,
        max_length=20,
        help_text="A corrected number; three times at most for one sign-in.",
    )


class Empty(Form):
    """A body is not needed; an empty object is taken."""


class Agreement(Form):
    """What a person has agreed to."""

    accepted = Flag()
    text_version = Text(required=False, max_length=50)
    name = Text(required=False, max_length=200)
    at = serializers.DateTimeField(required=False)


class Declaration(Agreement):
    """What the person who sends the figures has agreed to."""

    covers_whole_business = Flag(
        help_text="That the figures are those of the landlord's whole UK property business, whoever lets it."
    )
    text_version = Text(
        required=False,
        max_length=50,
        help_text="Which wording was shown; `update` of GET /wordings, in its current version, if left out.",
    )
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)


class Mandate(Form):
    """The landlord's leave for the agency to file."""

    kind = serializers.ChoiceField(
        choices=MandateKind.choices, help_text="per_quarter: the landlord approves each update before it is sent."
    )
    text_version = Text(required=False, max_length=50, help_text="GET /wordings' current one, if left out.")
    given_at = serializers.DateTimeField(
        required=False, help_text="Now, if left out; needed once an earlier mandate was taken back."
    )
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    evidence = Text(
        required=False,
        allow_blank=True,
        max_length=500,
        help_text="Where the proof is kept: a file, a letter, a ticket.",
    )


class SubmissionIn(WithContext):
    landlord_id = Id()
    business_id = Text(max_length=15)
    tax_year = Year(max_length=20)
    period_start = Day()
    period_end = Day()
    figures = HmrcObject(FIGURES, name="UkPropertyFigures")
    declaration = Declaration()
    mandate = Mandate(
        required=False, allow_null=True, help_text="Put on record if the landlord has none; ignored otherwise."
    )
    replaces = Pattern(
        r"^[0-9a-f]{64}\Z",
        required=False,
        allow_null=True,
        max_length=64,
        help_text="hmrc_holds.digest of a stopped submission: what somebody else sent, and this may erase.",
    )


class ApprovalIn(WithContext):
    digest = Pattern(
        r"^[0-9a-f]{64}\Z", max_length=64, help_text="The submission's, as it was shown: no other figures are sent."
    )


class DeclineIn(Form):
    reason = Text(required=False, allow_blank=True, default="", max_length=200)


class ApprovalLinkIn(Form):
    deliver = serializers.ChoiceField(
        choices=["link", "mail"], default="link", help_text="link: you hand it over; mail: we send it."
    )


class ApiKeyIn(Form):
    name = Text(max_length=100)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES), min_length=1, max_length=len(SCOPES))
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class StaffIn(Form):
    email = Email(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices)
    full_name = Text(required=False, allow_blank=True, max_length=200)


class StaffChange(Form):
    role = serializers.ChoiceField(choices=Role.choices)


class AgencyChange(Form):
    name = Text(required=False, max_length=200)
    allowed_origins = serializers.ListField(child=Pattern(_WEB + r"\Z", max_length=300), required=False, max_length=50)
    return_urls = serializers.ListField(child=Pattern(_ADDRESS, max_length=500), required=False, max_length=50)
    front_end_url = Pattern(_ADDRESS, max_length=500, required=False)
    mail_name = Text(
        required=False, allow_blank=True, max_length=100, help_text="From whom landlords' mails come; name, if empty."
    )
    mail_reply_to = Email(
        required=False, allow_blank=True, max_length=254, help_text="Where landlords' answers go; nowhere, if empty."
    )
    reconnect_mail = serializers.ChoiceField(
        choices=ReconnectMail.choices,
        required=False,
        help_text="Who asks a landlord to connect again: landlord = we mail the landlord a link; agency = you do.",
    )


class AgencyIn(Form):
    name = Text(max_length=200)
    host = Pattern(r"^(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\Z", max_length=253)
    owner = Email(max_length=254)
    front_end_url = Pattern(
        _ADDRESS,
        max_length=500,
        required=False,
        help_text="Where links in mails lead, the owner's first one too.",
    )
