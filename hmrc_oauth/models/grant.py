from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from hmrc_oauth.models.states import GRANT_MOVES, PASSING, USABLE, GrantEvent, GrantStatus
from tenants import doubts, endings
from tenants.ids import new_id
from tenants.vault import Purpose, SealedField, SealedModel

# HMRC: GrantLength.EIGHTEEN_MONTHS is 547 days, counted from the grant; it does not slide (hmrc/api-platform-
# application-domain).
LIFE = timedelta(days=547)
# Outlives the 20 s a token call may take, with room for the commit; and whatever HMRC does with a request that we have
# given up: until the lease is over nobody asks again. docs/refresh.md argues the bound.
LEASE = timedelta(seconds=90)
# A token refused within a minute of its making is not cured by another: no storm of refreshes. Of a grant whose tokens
# are refused one after the other, twice as long each time.
_TOO_NEW = timedelta(minutes=1)
_DOUBLINGS = 8


@dataclass(frozen=True)
class Tokens:
    """What HMRC gave, for as long as it takes to seal it. Never logged: its repr is empty."""

    access: str
    refresh: str
    expires_in: int  # seconds

    def __repr__(self) -> str:
        return "<Tokens>"


class ClockTimestamp(models.Func):
    """PostgreSQL's clock at this very moment, not at the transaction's beginning: leases live on it."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


class Grant(SealedModel):
    """HMRC's permission for one landlord (or, later, one agent). Holds the only copy of its tokens."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=16, default="landlord")
    arn = models.CharField(max_length=16, blank=True)
    landlord_id = models.UUIDField(db_index=True)
    status = models.CharField(max_length=16, choices=GrantStatus.choices, default=GrantStatus.ACTIVE)
    access_token = SealedField(purpose=Purpose.TOKEN, label="grant.access_token", bound_to="token_version", null=True)
    refresh_token = SealedField(purpose=Purpose.TOKEN, label="grant.refresh_token", bound_to="token_version", null=True)
    token_version = models.BigIntegerField(default=1)
    scope = models.CharField(max_length=200, blank=True)
    granted_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)  # when the first read showed that it serves its landlord
    ends_at = models.DateTimeField()
    access_expires_at = models.DateTimeField()
    refreshed_at = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    lease_ends_at = models.DateTimeField(null=True)
    probes = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)  # that came to nothing since the last new pair
    refusals = models.PositiveSmallIntegerField(default=0)  # tokens that HMRC refused in a row, since one was accepted
    nino_tries = models.PositiveSmallIntegerField(default=0)
    warned_days = models.PositiveSmallIntegerField(null=True)  # of which nearness to its end was last told

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=GrantStatus.WIPED) | Q(access_token=None, refresh_token=None),
                name="a_wiped_grant_keeps_no_token",
            ),
            models.CheckConstraint(
                condition=~Q(status=GrantStatus.REFRESHING) | Q(lease_ends_at__isnull=False),
                name="a_claimed_grant_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], name="grant_by_end"),
            # Of a whole agency's grants the few that the lists of `refreshing` and `uncertain` ask for.
            models.Index(fields=["status"], condition=Q(status__in=PASSING), name="grant_in_passing"),
        ]

    # Factories

    @classmethod
    def issue(cls, *, landlord_id: UUID, tokens: Tokens, scope: str, now: datetime) -> Self:
        """A new grant; unverified until the first read, and unusable for filing until then."""
        grant = cls(
            landlord_id=landlord_id,
            scope=scope,
            granted_at=now,
            ends_at=now + LIFE,
            access_expires_at=_expiry(tokens, now),
        )
        grant.access_token = grant.seal("access_token", tokens.access)
        grant.refresh_token = grant.seal("refresh_token", tokens.refresh)
        grant.save(force_insert=True)
        return grant

    # Queries

    @classmethod
    def look(cls, grant_id: UUID) -> tuple[Self | None, bool]:
        """The grant as it stands, and whether a lease holds it: somebody is at it, or HMRC may still be."""
        held = models.ExpressionWrapper(Q(lease_ends_at__gte=ClockTimestamp()), models.BooleanField())
        grant = cls.objects.filter(pk=grant_id).annotate(is_held=held).first()
        return grant, bool(getattr(grant, "is_held", False))

    # Mutators. Every one is a guarded UPDATE: if it changed no row, someone else got there first.

    def claim(self) -> bool:
        """Take the right to spend the refresh token, if nothing has happened since the row was read. An active grant
        becomes refreshing, an uncertain one stays so while it is probed.
        """
        event = GrantEvent.PROBED if self.status == GrantStatus.UNCERTAIN else GrantEvent.CLAIMED
        lease = ClockTimestamp() + models.Value(LEASE, output_field=models.DurationField())
        mine = self._move(event, _free(), fence=self.fence)
        return mine.update(status=GRANT_MOVES[event].to, fence=F("fence") + 1, lease_ends_at=lease) == 1

    def doubt_if_abandoned(self) -> bool:
        """A claim whose lease ran out without an answer: whoever held it is gone, and nobody knows what HMRC did."""
        gone = self._move(GrantEvent.ABANDONED, lease_ends_at__lt=ClockTimestamp())
        return self._settle(GrantEvent.ABANDONED, gone)

    @classmethod
    def doubt_all(cls, grant_ids: Collection[UUID]) -> int:
        """The database was restored, and nobody knows whether these tokens were spent since. How many were active."""
        move = GRANT_MOVES[GrantEvent.RESTORED]
        rows = cls.objects.filter(pk__in=grant_ids, status__in=move.sources)
        doubts.note(list(rows.values_list("pk", flat=True)))
        return rows.update(status=move.to, fence=F("fence") + 1, probes=0, tries=0)

    def commit(self, *, tokens: Tokens, spent: int, now: datetime) -> Self | None:
        """Store the new pair if the row still holds the token it was bought with, however late. The grant with the new
        pair; None if the row holds another.
        """
        fresh = {
            "access_token": self.seal("access_token", tokens.access, version=spent + 1),
            "refresh_token": self.seal("refresh_token", tokens.refresh, version=spent + 1),
            "access_expires_at": _expiry(tokens, now),
            "token_version": spent + 1,
            "refreshed_at": now,
        }
        may_take = self._move(GrantEvent.ANSWERED, token_version=spent)
        if not self._settle(GrantEvent.ANSWERED, may_take, probes=0, tries=0, **fresh):
            return None
        newer = copy(self)  # this one stays as it is, should the transaction be tried again
        for name, value in fresh.items():
            setattr(newer, name, value)
        return newer

    def release(self, event: GrantEvent, *, fence: int, probed: bool = False) -> bool:
        """End a claim, or doubt, without new tokens. Guarded by the fence: a claim that was taken over says nothing
        any more. After an unknown answer the lease stands: HMRC may still be at it.
        """
        mine = self._move(event, fence=fence)
        # A token that was seen to work is given up only for what happens since.
        probes = 0 if event is GrantEvent.WITNESSED else F("probes") + (1 if probed else 0)
        lease = {"lease_ends_at": F("lease_ends_at")} if event is GrantEvent.DOUBTED else {}
        return self._settle(event, mine, probes=probes, tries=F("tries") + 1, **lease)

    def verify(self, *, now: datetime) -> bool:
        """The first read showed that the grant serves its landlord. False if that was known, or it is over."""
        over = [GrantStatus.DEAD, GrantStatus.WIPED]
        return self._rows(verified_at=None).exclude(status__in=over).update(verified_at=now) == 1

    def expire_access(self, *, version: int, now: datetime) -> bool:
        """HMRC refused the access token of this version: it is over, whatever its time said.

        False if a newer one has come, or this one is so new that another would be refused too.
        """
        rows = self._rows(token_version=version, access_expires_at__gt=now)
        since = now - self._new_for
        old = Q(refreshed_at__lt=since) | Q(refreshed_at=None, granted_at__lt=since)
        return rows.filter(old).update(access_expires_at=now, refusals=F("refusals") + 1) == 1

    def accepted(self) -> None:
        """HMRC has taken one of its access tokens."""
        if self.refusals:
            self._rows().update(refusals=0)

    def warn(self, *, days: int) -> bool:
        """Its end is `days` away. False if that, or something nearer, was told before."""
        return self._rows().filter(Q(warned_days=None) | Q(warned_days__gt=days)).update(warned_days=days) == 1

    def wipe(self) -> bool:
        """Forget the tokens, for ever. Wins over any refresh under way."""
        endings.forget(grant_id=self.pk)
        return self._settle(GrantEvent.WIPED, self._move(GrantEvent.WIPED), access_token=None, refresh_token=None)

    # Properties

    @property
    def usable(self) -> bool:
        return self.status in USABLE

    @property
    def believed_at(self) -> datetime:
        """From then on a refusal of its access token is believed: until then another would be refused too."""
        made_at: datetime = self.refreshed_at or self.granted_at
        return made_at + self._new_for

    @property
    def _new_for(self) -> timedelta:
        """How long a token of its is too new for a refusal to count: longer with each refusal in a row."""
        doubled: int = 2 ** min(self.refusals, _DOUBLINGS)
        return _TOO_NEW * doubled

    def _rows(self, **where: Any) -> models.QuerySet["Grant"]:
        return Grant.objects.filter(pk=self.pk, **where)

    def _move(self, event: GrantEvent, *guards: Q, **where: Any) -> models.QuerySet["Grant"]:
        """The row, if the event may happen to it."""
        return self._rows(status__in=GRANT_MOVES[event].sources, **where).filter(*guards)

    def _settle(self, event: GrantEvent, rows: models.QuerySet["Grant"], **changes: Any) -> bool:
        move = GRANT_MOVES[event]
        settled = {"status": move.to, "fence": F("fence") + 1, "lease_ends_at": None}
        if not rows.update(**settled | changes):
            return False
        if move.to == GrantStatus.UNCERTAIN:
            doubts.note([self.pk])
        elif GrantStatus.UNCERTAIN in move.sources:
            doubts.forget(self.pk)
        return True


def _free() -> Q:
    return Q(lease_ends_at=None) | Q(lease_ends_at__lt=ClockTimestamp())


def _expiry(tokens: Tokens, now: datetime) -> datetime:
    return now + timedelta(seconds=tokens.expires_in)
