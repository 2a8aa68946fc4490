"""Landlords who connect for the first time while the workers who spend their codes are killed."""

import random
from dataclasses import dataclass
from uuid import UUID

from hmrc_oauth import connections
from hmrc_oauth.models import ConnectSession, SessionStatus
from landlords import records
from people.principal import Principal, PrincipalKind
from tenants import clock
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency
from tests.sandbox.hmrc.served import query
from tests.soak.design import digest
from tests.soak.ground import Ground
from tests.stack.stand_in import User

ARRIVE = 0.1  # of those at leisure, in each round
_KEY = Principal(PrincipalKind.API_KEY, new_id(), frozenset())


@dataclass
class Newcomer:
    user: User
    landlord_id: UUID
    session_id: UUID | None = None  # of the attempt that is under way


class Newcomers:
    """Each tries again and again. A code that HMRC answered is a grant that works, or it is said to be lost."""

    def __init__(self, agency: Agency, ground: Ground, *, many: int) -> None:
        self._agency, self._ground = agency, ground
        self._all = [self._newcomer() for _ in range(many)]
        self.kept = self.lost = self.unspent = self.silent = 0

    @property
    def ninos(self) -> list[str]:
        return [one.user.nino for one in self._all]

    @property
    def under_way(self) -> int:
        """How many have come back from HMRC and do not know yet what became of it."""
        return sum(one.session_id is not None for one in self._all)

    def arrive(self, chance: random.Random) -> None:
        """Let some of those who are at leisure go to HMRC and come back with a code."""
        with tenant(self._agency):
            for one in self._all:
                if one.session_id is None and chance.random() < ARRIVE:
                    one.session_id = self._return(one)

    def compare(self) -> None:
        """Judge every attempt that is over by what HMRC knows of it, and let all of that be forgotten."""
        with tenant(self._agency):
            over = [(one, session) for one in self._all if (session := _session(one)) and _is_over(session)]
            for one, session in over:
                living = {row["nino"]: row["refresh_digest"] for row in self._ground.books(after=0)["grants"]}
                self._judge(session, living.get(one.user.nino))
                self._leave(one)

    def _judge(self, session: ConnectSession, living: str | None) -> None:
        if session.grant is not None:
            assert session.grant.refresh_token is not None
            with session.grant.refresh_token.open(reason="soak") as token:
                self.silent += digest(token) != living
            self.kept += 1
        elif living is not None:
            self.silent += session.reason_code != "lost"  # HMRC gave a grant that nobody holds, and nobody says so
            self.lost += 1
        else:
            self.unspent += 1

    def _return(self, one: Newcomer) -> UUID:
        now = clock.now()
        there = connections.begin(by=_KEY, landlord_id=one.landlord_id, return_url="", nino=None, now=now)
        back = query(self._ground.hmrc.leave(there.authorization_url, one.user))
        session_id: UUID = there.session.pk
        code = connections.receive(session_id=session_id, code=back["code"], now=now)
        assert code is not None
        connections.complete(by=_KEY, session_id=session_id, completion_code=code, now=now)
        return session_id

    def _leave(self, one: Newcomer) -> None:
        self._ground.served.control("grants/revoke", {"nino": one.user.nino})
        connections.disconnect(by=_KEY, landlord_id=one.landlord_id, now=clock.now())
        one.session_id = None

    def _newcomer(self) -> Newcomer:
        user = self._ground.hmrc.add_user()
        with tenant(self._agency):
            given = {"full_name": "Nora Newcomer", "reference": user.nino, "nino": user.nino}
            return Newcomer(user, records.create(by=_KEY, given=given, now=clock.now()).pk)


def _session(one: Newcomer) -> ConnectSession | None:
    sessions = ConnectSession.objects.select_related("grant")
    return sessions.get(pk=one.session_id) if one.session_id else None


def _is_over(session: ConnectSession) -> bool:
    return session.grant is not None or session.status == SessionStatus.FAILED
