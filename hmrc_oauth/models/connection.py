from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from hmrc_oauth.models.grant import Grant
from hmrc_oauth.models.states import CONNECTION_MOVES, ConnectionEvent, ConnectionState, GrantStatus
from landlords.models import Landlord
from tenants.ids import new_id

_SHOWN_OF_GRANT = {GrantStatus.REFRESHING: ConnectionState.REFRESHING, GrantStatus.UNCERTAIN: ConnectionState.UNCERTAIN}


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def shown_as(self, state: str) -> Self:
        """Connections that show this state."""
        of_grant = {shown: status for status, shown in _SHOWN_OF_GRANT.items()}
        if state in of_grant:
            return self.filter(state=ConnectionState.ACTIVE, grant__status=of_grant[ConnectionState(state)])
        rows = self.filter(state=state)
        return rows.exclude(grant__status__in=list(_SHOWN_OF_GRANT)) if state == ConnectionState.ACTIVE else rows


class Connection(models.Model):
    """A landlord's connection to HMRC: one for ever, whatever grants come and go."""

    id = models.UUIDField(primary_key=True, default=new_id)
    landlord = models.OneToOneField(Landlord, on_delete=models.PROTECT, related_name="connection")
    grant = models.ForeignKey(Grant, null=True, on_delete=models.PROTECT, related_name="connections")
    state = models.CharField(max_length=24, choices=ConnectionState.choices, default=ConnectionState.NOT_CONNECTED)
    reason_code = models.CharField(max_length=32, blank=True)
    possible_causes = models.JSONField(default=list)
    generation = models.PositiveIntegerField(default=0)
    connected_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when the landlord, or else the agency, was last told of an end

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="connection_by_state"),
            models.Index(fields=["reason_code", "id"], name="connection_by_reason"),
        ]

    # Factories

    @classmethod
    def of(cls, landlord: Landlord, *, now: datetime) -> Self:
        """The landlord's connection; made when first asked for."""
        found, _ = cls.objects.get_or_create(landlord=landlord, defaults={"changed_at": now})
        return found

    # Mutators

    def hold(self) -> "Connection":
        """The row as it stands, locked until the transaction ends.

        Whoever changes a connection together with its grants or sessions takes it first: no two wait for each other.
        """
        # By itself first: what is joined to a row that one has to wait for is as it was before the wait, and so a grant
        # that came meanwhile would be none.
        Connection.objects.select_for_update(no_key=True).only("pk").get(pk=self.pk)
        return Connection.objects.select_related("landlord", "grant").get(pk=self.pk)

    def begin(self, *, now: datetime) -> None:
        """Someone set out to connect. A connection whose grant has served says why it does not, until another does."""
        unserved = Grant.objects.filter(landlord_id=self.landlord_id, verified_at=None)
        self._move(ConnectionEvent.BEGUN, Q(grant=None) | Q(grant__in=unserved), now=now)

    def give_up(self, *, reason: str, now: datetime) -> None:
        """The attempt ended without a grant."""
        self._move(ConnectionEvent.GIVEN_UP, now=now, reason_code=reason)

    def refuse(self, *, grant: Grant, reason: str, causes: list[str], now: datetime) -> bool:
        """HMRC does not let this grant act for this landlord. The grant stays, sealed, for a corrected NINO."""
        why = {"reason_code": reason, "possible_causes": causes}
        return self._move(ConnectionEvent.REFUSED, now=now, grant=grant, **why)

    def turn_away(self, *, grant: Grant, reason: str, causes: list[str], now: datetime) -> bool:
        """HMRC lets the grant act no longer for this landlord. It stays, sealed: what is wrong may be mended."""
        why = {"reason_code": reason, "possible_causes": causes}
        return self._move(ConnectionEvent.TURNED_AWAY, Q(grant=grant), now=now, **why)

    def allow(self, *, grant: Grant, now: datetime) -> bool:
        """HMRC lets the grant act again. False if it was not turned away."""
        return self._move(ConnectionEvent.ALLOWED, Q(grant=grant), now=now)

    def establish(self, *, grant: Grant, now: datetime) -> bool:
        """A verified grant becomes the connection's. The newest one wins."""
        newer = {"grant": grant, "generation": F("generation") + 1, "connected_at": now}
        return self._move(ConnectionEvent.ESTABLISHED, now=now, **newer)

    def require_reconnect(self, *, grant: Grant, reason: str, causes: list[str], now: datetime) -> bool:
        """The grant is dead. Only the current grant can say so; one that never served is forgotten instead."""
        why = {"reason_code": reason, "possible_causes": causes}
        served = Q() if grant.verified_at else Q(state=ConnectionState.ACTIVE)
        return self._move(ConnectionEvent.DIED, Q(grant=grant), served, now=now, **why)

    def recover(self, *, grant: Grant, now: datetime) -> bool:
        """The dead grant lives after all: its answer came late. False if nothing had to be mended."""
        return self._move(ConnectionEvent.RECOVERED, Q(grant=grant), now=now)

    def disconnect(self, *, now: datetime) -> bool:
        return self._move(ConnectionEvent.DISCONNECTED, now=now, reason_code="disconnected", grant=None)

    def forget_grant(self, *, grant: Grant, now: datetime, reason: str = "expired") -> None:
        """The unverified grant is over, at the latest when its days are. Another one is not meant."""
        self._move(ConnectionEvent.FORGOTTEN, Q(grant=grant), now=now, grant=None, reason_code=reason)

    def tell(self, *, now: datetime) -> bool:
        """Who had to be told of this end has been. False if something newer happened."""
        return Connection.objects.filter(pk=self.pk, changed_at=self.changed_at).update(told_at=now) == 1

    def used(self, *, now: datetime) -> None:
        """Something was sent by it, and HMRC took its token."""
        Connection.objects.filter(pk=self.pk).update(last_used_at=now)
        if self.grant is not None:
            self.grant.accepted()

    def _move(self, event: ConnectionEvent, *guards: Q, now: datetime, **more: Any) -> bool:
        move = CONNECTION_MOVES[event]
        changes = {"state": move.to, "reason_code": "", "possible_causes": [], "changed_at": now, **more}
        return Connection.objects.filter(*guards, pk=self.pk, state__in=move.sources).update(**changes) == 1

    # Properties

    @property
    def shown_state(self) -> ConnectionState:
        """What the API says: the stored state, unless the grant is just being refreshed or in doubt."""
        return shown_state(self.state, None if self.grant is None else self.grant.status)

    @property
    def ends_untold(self) -> bool:
        """The connection has ended, and nobody has been told of that yet."""
        ended = self.state in {ConnectionState.RECONNECT_REQUIRED, ConnectionState.DISCONNECTED}
        return ended and (self.told_at is None or self.told_at < self.changed_at)

    @property
    def can_file(self) -> bool:
        return self.state == ConnectionState.ACTIVE and self.grant is not None and self.grant.usable


def shown_state(state: str, grant_status: str | None) -> ConnectionState:
    """Of a connection's columns, where no row is made of them: what `Connection.shown_state` says."""
    if state == ConnectionState.ACTIVE and grant_status is not None:
        return _SHOWN_OF_GRANT.get(GrantStatus(grant_status), ConnectionState.ACTIVE)
    return ConnectionState(state)
