"""Where a test begins: a landlord, a connection that works, a session that has come so far."""

from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from django.db.models import Model

from events.models import Event
from hmrc_oauth import connections, refresh
from hmrc_oauth.models import Connection, ConnectSession, Grant, Tokens
from landlords import records
from landlords.models import Landlord
from people.principal import Principal, PrincipalKind
from tenants import clock, due
from tenants.models import Due
from tests.cast import ALPHA, NINO

KEY = Principal(PrincipalKind.API_KEY, UUID(int=7), frozenset())
OTHER_KEY = Principal(PrincipalKind.API_KEY, UUID(int=8), frozenset())
CODE = "the-authorization-code"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
Row = TypeVar("Row", bound=Model)


def a_landlord(*, nino: str | None = NINO, name: str = "Lena Landlady") -> Landlord:
    given = {"full_name": name, "reference": str(uuid4()), **({"nino": nino} if nino else {})}
    return records.create(by=KEY, given=given, now=clock.now())


def issue(landlord: Landlord, *, name: str = "old") -> Grant:
    """A grant whose first read is still to come."""
    tokens = Tokens(f"access-{name}", f"refresh-{name}", 14_400)
    return Grant.issue(landlord_id=landlord.pk, tokens=tokens, scope="write:self-assessment", now=clock.now())


def connect(landlord: Landlord, *, name: str = "old") -> Grant:
    """A connection that works, as if HMRC had granted it just now."""
    grant = issue(landlord, name=name)
    grant.verify(now=clock.now())
    assert Connection.of(landlord, now=clock.now()).establish(grant=grant, now=clock.now())
    return again(grant)


# A connect session, step by step


def begun(landlord: Landlord, **more: Any) -> connections.Begun:
    given = {"by": KEY, "return_url": ALPHA.front_end, "nino": None, **more}
    return connections.begin(landlord_id=landlord.pk, now=clock.now(), **given)


def returned(landlord: Landlord, **more: Any) -> tuple[ConnectSession, str]:
    """HMRC has sent the browser back. With the completion code."""
    session = begun(landlord, **more).session
    code = connections.receive(session_id=session.pk, code=CODE, now=clock.now())
    assert code is not None
    return again(session), code


def completed(landlord: Landlord, **more: Any) -> ConnectSession:
    """The code is ready to be spent."""
    session, code = returned(landlord, **more)
    return connections.complete(by=KEY, session_id=session.pk, completion_code=code, now=clock.now())


def exchanged(landlord: Landlord, **more: Any) -> tuple[ConnectSession, Grant]:
    """The code was spent, and the grant awaits its first read."""
    session = completed(landlord, **more)
    assert session.claim()
    session.refresh_from_db()
    grant = issue(landlord, name="first")
    assert session.keep(grant=grant)
    due.done(kind=due.Kind.EXCHANGE, subject_id=session.pk)
    due.put(kind=due.Kind.CHECK, subject_id=grant.pk, lane=due.Lane.INTERACTIVE)
    return again(session), again(grant)


# Looking


def again(row: Row) -> Row:
    """The row as it stands now."""
    return type(row)._default_manager.get(pk=row.pk)


def connection_of(landlord: Landlord) -> Connection:
    return Connection.objects.select_related("grant").get(landlord=landlord)


def due_at(kind: str, subject: UUID) -> Any:
    """When the list says that it is next to be looked at; None if it is not on the list."""
    return Due.objects.filter(kind=kind, subject_id=subject).values_list("due_at", flat=True).first()


def events() -> list[str]:
    return list(Event.objects.order_by("id").values_list("type", flat=True))


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def abandon(row: Model) -> None:
    """Whoever held the lease is gone, and its time is over."""
    type(row)._default_manager.filter(pk=row.pk).update(lease_ends_at=LONG_AGO)


def rung_for(grant: Grant) -> None:
    """The bell rings, and no lease holds the grant any more."""
    abandon(grant)
    refresh.run(grant_id=grant.pk)
