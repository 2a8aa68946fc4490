"""A way to keep single-use tokens, as the soak meets it, and ours."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID, uuid4

from django.db import DatabaseError, connections
from django.db.models import DurationField, ExpressionWrapper, F, OuterRef, Subquery

from hmrc_oauth import exchange, refresh, stopping
from hmrc_oauth.models import Connection, Grant, GrantStatus, Tokens
from hmrc_oauth.models.grant import ClockTimestamp
from hmrc_oauth.models.states import ConnectionState
from hmrc_oauth.settling import REFRESH
from landlords import records
from people.models import Operation
from people.principal import Principal, PrincipalKind
from tenants import clock, due
from tenants.context import tenant
from tenants.models import Agency, Due
from tests.soak.hand import Hand
from tests.soak.scale import LEASE

WANTED = 0.3  # of the tokens that work, in each round
ACTIVE, DOUBTFUL, DEAD = "active", "doubtful", "dead"


_ACTORS: dict[str, Callable[[UUID], None]] = {
    due.Kind.REFRESH: lambda grant_id: refresh.run(grant_id=grant_id),
    due.Kind.EXCHANGE: lambda session_id: exchange.run(session_id=session_id),
}


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """What a database says of one landlord's grant. Equal if nothing has changed between two readings."""

    row: int | str
    status: str
    digest: str
    version: int
    refreshes: int
    stored_at: float = 0.0  # when the pair was bought; 0 where that is not known
    unheard: bool = False  # dead after three probes without an answer
    claimed_s: float | None = field(default=None, compare=False)  # how long ago it was claimed, if it is
    waits_s: float = field(default=0.0, compare=False)  # from its last claim until it is looked at again


class Design(Protocol):
    """Keeps one token for each of its landlords, by NINO."""

    name: str
    hands: list[Hand]

    def enrol(self, nino: str, tokens: dict[str, str]) -> None:
        """A landlord has connected, or connected again."""

    def want(self, chance: random.Random) -> None:
        """Let some of the tokens that work be wanted anew."""

    def entries(self) -> dict[str, Entry]:
        """All grants, read in one moment."""

    def work(self, hand: Hand) -> None:
        """Refresh what is wanted until told to stop. In a process of its own."""


class Ours:
    """The product: its due list, its refresh. Only the bell is left out: workers look at the list."""

    name = "ours"

    def __init__(self, agency: Agency) -> None:
        self._agency = agency
        self._ninos: dict[UUID, str] = {}
        self.hands: list[Hand] = []

    def enrol(self, nino: str, tokens: dict[str, str]) -> None:
        with tenant(self._agency):
            landlord = next((key for key, known in self._ninos.items() if known == nino), None) or self._landlord(nino)
            pair = Tokens(tokens["access_token"], tokens["refresh_token"], int(tokens["expires_in"]))
            grant = Grant.issue(landlord_id=landlord, tokens=pair, scope=tokens["scope"], now=clock.now())
            grant.verify(now=clock.now())
            connection, _ = Connection.objects.get_or_create(landlord_id=landlord, defaults={"changed_at": clock.now()})
            assert connection.establish(grant=grant, now=clock.now())

    def want(self, chance: random.Random) -> None:
        """Half of them have lapsed; somebody asks for the others, whose old access token can still bear witness."""
        with tenant(self._agency):
            works = Grant.objects.filter(status=GrantStatus.ACTIVE, landlord_id__in=self._ninos)
            wanted = [grant for grant in works if chance.random() < WANTED]
            for grant in wanted:
                if chance.random() < 0.5:
                    Grant.objects.filter(pk=grant.pk).update(access_expires_at=clock.now())
                else:
                    Operation.open(kind=REFRESH, subject_type="connection", subject_id=grant.pk, now=clock.now())
            rows = [self._due(grant) for grant in wanted]
        Due.objects.bulk_create(rows, ignore_conflicts=True)

    def entries(self) -> dict[str, Entry]:
        # Leases live on PostgreSQL's clock, and so does their age.
        age = ExpressionWrapper(ClockTimestamp() - F("grant__lease_ends_at") + LEASE, DurationField())
        mine = Due.objects.filter(kind=due.Kind.REFRESH, subject_id=OuterRef("grant_id")).values("due_at")
        waits = ExpressionWrapper(Subquery(mine) - F("grant__lease_ends_at") + LEASE, DurationField())
        with tenant(self._agency):
            rows = Connection.objects.filter(landlord_id__in=self._ninos).select_related("grant")
            return {self._ninos[row.landlord_id]: _entry(row) for row in rows.annotate(age=age, waits=waits)}

    def work(self, hand: Hand) -> None:
        while not stopping.has_begun():
            try:
                self._step()
            except DatabaseError:  # PostgreSQL is away: the message is lost, and the list rings again
                connections.close_all()
                time.sleep(0.05)

    def _step(self) -> None:
        waiting = Due.objects.filter(kind__in=_ACTORS, due_at__lte=clock.now()).order_by("due_at")
        found = list(waiting.values_list("kind", "subject_id")[:8])
        if not found:
            time.sleep(0.02)
            return
        kind, subject_id = random.choice(found)  # often another worker's too: bells ring twice
        with tenant(self._agency):
            _ACTORS[kind](subject_id)

    def _landlord(self, nino: str) -> UUID:
        key = Principal(PrincipalKind.API_KEY, uuid4(), frozenset())
        given = {"full_name": "Lena Landlady", "reference": nino, "nino": nino}
        landlord = records.create(by=key, given=given, now=clock.now())
        self._ninos[landlord.pk] = nino
        return landlord.id

    def _due(self, grant: Grant) -> Due:
        return Due(
            agency_id=self._agency.pk,
            kind=due.Kind.REFRESH,
            subject_id=grant.pk,
            lane=due.Lane.TOKEN,
            due_at=clock.now(),
        )


def _entry(row: Connection) -> Entry:
    grant = row.grant
    assert grant is not None
    assert grant.refresh_token is not None
    with grant.refresh_token.open(reason="soak") as token:
        found = digest(token)
    # A dead grant of which nobody was told counts as active: that is what the API shows.
    told = {GrantStatus.ACTIVE: ACTIVE, GrantStatus.DEAD: DEAD if row.state != ConnectionState.ACTIVE else ACTIVE}
    status = told.get(GrantStatus(grant.status), DOUBTFUL)
    return Entry(
        str(grant.pk),
        status,
        found,
        grant.fence,
        grant.token_version,
        stored_at=grant.refreshed_at.timestamp() if grant.refreshed_at else 0.0,
        unheard=grant.probes >= refresh.PROBES - 1,
        claimed_s=_seconds(row, "age"),
        waits_s=_seconds(row, "waits") or 0.0,
    )


def _seconds(row: Connection, annotation: str) -> float | None:
    span = getattr(row, annotation, None)
    return span.total_seconds() if isinstance(span, timedelta) else None
