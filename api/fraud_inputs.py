"""What a person's device says of itself: shapes and bounds. HMRC's forms are checked where the headers are written."""

from rest_framework import serializers

from api.fields import Form, Id, Text, TextDict
from hmrc_door.fraud import Method

# Only a server between the person and us knows these; of everybody else we know them ourselves.
INTEGRATORS_ONLY = ("client", "mfa", "user_id", "licence_ids", "forwarded")

_METHODS = [Method.WEB_APP_VIA_SERVER, Method.OTHER_VIA_SERVER]
_OURS = frozenset({"quarterday", "os"})  # in Gov-Client-User-IDs and Gov-Vendor-Version
_INSTANT = "yyyy-MM-ddThh:mm:ss.sssZ, in UTC."


class WindowIn(Form):
    """The part of the window that shows the page."""

    width = serializers.IntegerField(help_text="Pixels.")
    height = serializers.IntegerField(help_text="Pixels.")


class ScreenIn(WindowIn):
    """A screen of the device."""

    scaling_factor = serializers.FloatField(help_text="window.devicePixelRatio")
    colour_depth = serializers.IntegerField(help_text="Bits: screen.colorDepth")


class DeviceIn(Form):
    """The operating system and the machine below it."""

    os_family = Text(max_length=100, help_text="Windows, MacOS, Linux, …")
    os_version = Text(max_length=100)
    manufacturer = Text(required=False, max_length=100)
    model = Text(required=False, max_length=100)


class ApplicationIn(Form):
    """The software the person uses, if it is not our page."""

    name = Text(max_length=100, help_text="Not quarterday, and not os: HMRC gets other things under these.")
    version = Text(max_length=100)

    def validate_name(self, name: str) -> str:
        if name.casefold() in _OURS:
            raise serializers.ValidationError("HMRC gets something else under this name.", "reserved")
        return name


class ClientIn(Form):
    """The person's device as your server saw it."""

    public_ip = Text(required=False, max_length=50)
    public_port = serializers.IntegerField(required=False, help_text="The device's own port, not your server's.")
    public_ip_timestamp = Text(required=False, max_length=30, help_text=_INSTANT)


class FactorIn(Form):
    """One factor besides the password with which the person signed in to your software."""

    type = serializers.ChoiceField(choices=["TOTP", "AUTH_CODE", "OTHER"])
    timestamp = Text(max_length=30, help_text="When it was proved: yyyy-MM-ddThh:mmZ or finer, in UTC.")
    unique_reference = Text(
        max_length=200, help_text="A hash of the factor's id, never of its secret; always the same."
    )


# `for` is a word of Python's.
HopIn = type(
    "HopIn",
    (Form,),
    {
        "__doc__": "One hop over the internet that ended TLS: the address it was heard by, and the one it came from.",
        "by": Text(max_length=50),
        "for": Text(max_length=50),
    },
)


class FraudContextIn(Form):
    """What HMRC requires by law of the device on which a person acts; the answer says what is lacking.

    `client, mfa, user_id, licence_ids, forwarded`: with an API key only.
    """

    connection_method = serializers.ChoiceField(choices=_METHODS, default=Method.WEB_APP_VIA_SERVER)
    landlord_id = Id(required=False, allow_null=True, help_text="Use it for this landlord only.")
    device_id = Text(required=False, max_length=100, help_text="A UUID that stays on the device for good.")
    user_agent = Text(required=False, max_length=1024, help_text="navigator.userAgent")
    screens = serializers.ListField(child=ScreenIn(), required=False, max_length=16)
    window = WindowIn(required=False)
    timezone = Text(required=False, max_length=20, help_text="UTC+01:00")
    device = DeviceIn(required=False, help_text="Where there is no browser.")
    os_user = Text(required=False, max_length=200, help_text="The person's name on the device.")
    local_ips = serializers.ListField(child=Text(max_length=60), required=False, max_length=64)
    local_ips_timestamp = Text(required=False, max_length=30, help_text=_INSTANT)
    mac_addresses = serializers.ListField(child=Text(max_length=30), required=False, max_length=64)
    application = ApplicationIn(required=False, help_text="The software the person uses, if it is not our page.")
    client = ClientIn(required=False)
    mfa = serializers.ListField(child=FactorIn(), required=False, max_length=8)
    user_id = Text(required=False, max_length=200, help_text="The person's id in your software.")
    licence_ids = TextDict(child=Text(max_length=200), required=False, help_text="Hashes of licence keys by software.")
    forwarded = serializers.ListField(
        child=HopIn(), required=False, max_length=8, help_text="Your own hops, from the person's device towards us."
    )
