import re
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from tenants.ids import new_id

# Printable ASCII without the backslash, which browsers take for a slash and parsers for a letter.
_PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]*\Z")


class AgencyStatus(models.TextChoices):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEAVING = "leaving"  # its off-boarding has begun


class ReconnectMail(models.TextChoices):
    """Who writes to a landlord whose authority has ended."""

    LANDLORD = "landlord"  # Quarterday mails the landlord a link
    AGENCY = "agency"  # the agency does, told by an event


class Agency(TenantMixin):
    """A letting agency: one tenant, one PostgreSQL schema whose name we make ourselves."""

    id = models.UUIDField(primary_key=True, default=new_id)
    schema_name: str
    name = models.CharField(max_length=200)
    status = models.CharField(max_length=16, choices=AgencyStatus.choices, default=AgencyStatus.ACTIVE)
    allowed_origins = models.JSONField(default=list, help_text="Origins whose pages may call the API (CORS).")
    return_urls = models.JSONField(default=list, help_text="Where a person may be sent after HMRC: address prefixes.")
    front_end_url = models.CharField(
        max_length=500, blank=True, help_text="The agency's own front end, for links in mails."
    )
    reconnect_mail = models.CharField(
        max_length=16, choices=ReconnectMail.choices, default=ReconnectMail.LANDLORD, help_text="Who asks to reconnect."
    )
    mail_name = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="From whom landlords' mails come; the agency's name if empty.",
    )
    mail_reply_to = models.EmailField(
        blank=True, default="", db_default="", help_text="Where landlords' answers go; nowhere if empty."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    auto_create_schema = False
    auto_drop_schema = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.schema_name:
            self.schema_name = f"t_{self.id.hex}"

    # Queries

    @property
    def is_active(self) -> bool:
        return self.status == AgencyStatus.ACTIVE

    def may_return_to(self, url: str) -> bool:
        """Whether a browser may be sent to `url`: same scheme, host and port as a listed address, and a path below
        it.
        """
        return any(_covers(str(listed), url) for listed in self.return_urls)

    def allows_origin(self, origin: str) -> bool:
        """Whether pages of this origin may call the API for this agency."""
        return any(_covers(str(listed), origin) for listed in self.allowed_origins)


class Domain(DomainMixin):
    """A host name at which an agency is found."""

    tenant = models.ForeignKey(Agency, db_index=True, related_name="domains", on_delete=models.CASCADE)


def _covers(listed: str, url: str) -> bool:
    if not _PLAIN.match(url):
        return False
    try:
        wanted, given = urlsplit(listed), urlsplit(url)
        same_place = (wanted.scheme, wanted.hostname) == (given.scheme, given.hostname) and _same_port(wanted, given)
    except ValueError:
        return False  # brackets without an address, a port that is none: no browser would open it
    if "@" in given.netloc or _climbs(given.path):
        return False
    root = wanted.path.rstrip("/")
    return same_place and (given.path.rstrip("/") == root or given.path.startswith(root + "/"))


def _climbs(path: str) -> bool:
    # A browser resolves dots, takes a backslash for a slash and knows both in their percent-encoded dress.
    return bool({".", ".."} & {*re.split(r"[/\\]", unquote(path))})


def _same_port(wanted: SplitResult, given: SplitResult) -> bool:
    # "http://localhost:*" lets a developer's loopback front end use any port, as RFC 8252 section 7.3 does.
    any_port = wanted.netloc.endswith(":*") and _is_loopback(wanted.hostname or "")
    return (any_port and given.port != 0) or wanted.netloc == given.netloc


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")
