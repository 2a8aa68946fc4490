from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from hmrc_oauth.models.connection import Connection
from hmrc_oauth.models.grant import LEASE, ClockTimestamp, Grant
from people.principal import Principal
from tenants.ids import digest, new_id
from tenants.vault import Purpose, SealedField, SealedModel

# HMRC may ask a landlord to prove who they are on the way, which can take a day.
AT_HMRC = timedelta(hours=24)
# HMRC's authorization code lives ten minutes from the redirect.
CODE_LIFE = timedelta(minutes=10)


class SessionStatus(models.TextChoices):
    CREATED = "created"
    WAITING_AT_HMRC = "waiting_at_hmrc"
    RETURNED = "returned"
    EXCHANGING = "exchanging"
    CONNECTED = "connected"
    DENIED = "denied"
    EXPIRED = "expired"
    FAILED = "failed"


OPEN = (SessionStatus.CREATED, SessionStatus.WAITING_AT_HMRC, SessionStatus.RETURNED, SessionStatus.EXCHANGING)


class ConnectSession(SealedModel):
    """One attempt to connect, from "Connect to HMRC" to its outcome. What social-auth calls the session is its sealed
    bag.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="sessions")
    principal_kind = models.CharField(max_length=16)
    principal_id = models.UUIDField()
    fraud_context_id = models.UUIDField(null=True)
    return_url = models.CharField(max_length=2000)
    redirect_uri = models.CharField(max_length=2000)
    scope = models.CharField(max_length=200)
    status = models.CharField(max_length=16, choices=SessionStatus.choices, default=SessionStatus.CREATED)
    reason_code = models.CharField(max_length=32, blank=True)
    hmrc_error = models.CharField(max_length=100, blank=True)
    nino = SealedField(label="connect_session.nino", null=True)
    bag = SealedField(purpose=Purpose.FLOW, label="connect_session.bag", null=True)
    code = SealedField(purpose=Purpose.FLOW, label="connect_session.code", null=True)
    completion_digest = models.BinaryField(null=True, max_length=32)
    grant = models.ForeignKey(Grant, null=True, on_delete=models.PROTECT, related_name="sessions")
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    lease_ends_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    # Factories

    @classmethod
    def of(
        cls, connection: Connection, *, by: Principal, fraud_context_id: UUID | None, return_url: str, now: datetime
    ) -> Self:
        """A new one, not saved: it is once it holds what it takes along to HMRC."""
        return cls(
            connection=connection,
            principal_kind=by.kind,
            principal_id=by.id,
            fraud_context_id=fraud_context_id,
            return_url=return_url,
            created_at=now,
            expires_at=now + AT_HMRC,
        )

    # Mutators

    def receive(self, *, code: str, completion_code: str, now: datetime) -> bool:
        """HMRC sent the browser back with a code. Once only; HMRC's ten minutes count from here."""
        rows = self._rows([SessionStatus.WAITING_AT_HMRC], expires_at__gt=now)
        changes = {"code": self.seal("code", code), "completion_digest": digest(completion_code), "returned_at": now}
        return rows.update(status=SessionStatus.RETURNED, expires_at=now + CODE_LIFE, **changes) == 1

    def complete(self) -> bool:
        """The principal who began has brought the completion code back. Once only."""
        return self._rows([SessionStatus.RETURNED]).update(status=SessionStatus.EXCHANGING, completion_digest=None) == 1

    def claim(self) -> bool:
        """Take the right to spend the code."""
        free = Q(lease_ends_at=None) | Q(lease_ends_at__lt=ClockTimestamp())
        lease = ClockTimestamp() + models.Value(LEASE, output_field=models.DurationField())
        rows = self._rows([SessionStatus.EXCHANGING], grant=None).filter(free)
        return rows.update(fence=F("fence") + 1, attempts=F("attempts") + 1, lease_ends_at=lease) == 1

    def release(self) -> bool:
        """Let go of a code that certainly never left us, for another try."""
        return self._claimed().update(lease_ends_at=None, attempts=F("attempts") - 1) == 1

    @property
    def is_claimed(self) -> bool:
        """Whether the claim that was read still stands."""
        return self._claimed().exists()

    def _claimed(self) -> models.QuerySet["ConnectSession"]:
        return self._rows([SessionStatus.EXCHANGING], fence=self.fence, grant=None)

    def keep(self, *, grant: Grant) -> bool:
        """The code became a grant, however late; the code and the verifier are over. False if the session was settled
        meanwhile, or has a grant.
        """
        rows = self._rows([SessionStatus.EXCHANGING], grant=None)
        return rows.update(grant=grant, code=None, bag=None, lease_ends_at=None) == 1

    def settle(
        self,
        *,
        status: SessionStatus,
        now: datetime,
        reason: str = "",
        hmrc_error: str = "",
        only: Sequence[SessionStatus] = OPEN,
        claimed: bool = False,
    ) -> bool:
        """End the session, once, if it is open (or in one of `only`). Everything secret in it is wiped.

        With `claimed`, only if the claim at hand still stands: one that was taken over says nothing any more.
        """
        end = {"reason_code": reason, "hmrc_error": hmrc_error[:100], "settled_at": now}
        wiped = {"code": None, "bag": None, "nino": None, "completion_digest": None, "lease_ends_at": None}
        mine = {"fence": self.fence, "grant": None} if claimed else {}
        return self._rows(list(only), **mine).update(status=status, **end, **wiped) == 1

    def _rows(self, statuses: list[Any], **where: Any) -> models.QuerySet["ConnectSession"]:
        return ConnectSession.objects.filter(pk=self.pk, status__in=statuses, **where)

    # Properties

    @property
    def is_open(self) -> bool:
        return self.status in OPEN
