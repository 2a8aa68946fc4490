"""What our rows say of every submission against what the stand-in holds."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef

from hmrc_oauth.models import Connection, Grant, Tokens
from landlords.errors import NinoConflict
from landlords.models import Landlord
from mtd import held
from mtd.models import Attempt, AttemptOutcome, BatchRow, Step, Submission, SubmissionStatus
from tenants import clock
from tests.bench.figures import Figure
from tests.hmrc_oauth.scenes import a_landlord
from tests.soak.ground import Ground
from tests.stack.stand_in import User

ENDS = (SubmissionStatus.ACCEPTED, SubmissionStatus.REJECTED, SubmissionStatus.SUPERSEDED)
_ANSWERED = AttemptOutcome.ANSWERED


@dataclass
class Client:
    """One landlord, on both sides."""

    ground: Ground
    landlord: Landlord
    user: User

    @classmethod
    def new(cls, ground: Ground) -> "Client":
        """Connected, with nothing at HMRC yet."""
        user, landlord = _person(ground)
        given = ground.connect(user)
        tokens = Tokens(given["access_token"], given["refresh_token"], int(given["expires_in"]))
        grant = Grant.issue(landlord_id=landlord.pk, tokens=tokens, scope=given["scope"], now=clock.now())
        grant.verify(now=clock.now())
        assert Connection.of(landlord, now=clock.now()).establish(grant=grant, now=clock.now())
        return cls(ground, landlord, user)

    @property
    def place(self) -> dict[str, Any]:
        """Where its figures go."""
        return {"business_id": self.user.business_id}

    def accepted(self) -> list[Submission]:
        """Oldest first."""
        mine = Submission.objects.filter(landlord=self.landlord, status=SubmissionStatus.ACCEPTED)
        return list(mine.order_by("created_at", "pk"))


def _person(ground: Ground) -> tuple[User, Landlord]:
    """Of a million numbers the stand-in may draw one twice, but for the last letter."""
    while True:
        user = ground.hmrc.add_user()
        with suppress(NinoConflict):
            return user, a_landlord(nino=user.nino)


def compare(clients: Sequence[Client], *, many: int) -> Iterator[Figure]:
    """To the penny: HMRC holds the newest of what we call accepted, and took in each of them once."""
    ends = dict(Submission.objects.values_list("status").annotate(count=Count("pk")))
    outcomes = dict(Submission.objects.exclude(outcome="").values_list("outcome").annotate(count=Count("pk")))
    differing = twice = missing = 0
    for client in clients:
        accepted, found = client.accepted(), client.ground.hmrc.held(client.user)
        times = found[0]["times"] if found else 0
        twice += max(0, times - len(accepted))
        missing += max(0, len(accepted) - times)
        differing += _digest(client, found) != (bytes(accepted[-1].digest) if accepted else None)
    yield Figure("filing.confirmed", outcomes.get("confirmed", 0), "submissions", ">= 1")
    yield Figure("filing.reconciled", outcomes.get("reconciled", 0), "submissions", ">= 1")
    yield Figure("filing.superseded", ends.get("superseded", 0), "submissions")
    yield Figure("filing.rejected", ends.get("rejected", 0), "submissions")
    yield Figure("filing.rows_refused", BatchRow.objects.filter(submission=None).count(), "rows", "<= 0")
    yield Figure("filing.unsettled", many - sum(ends.get(end, 0) for end in ENDS), "submissions", "<= 0")
    yield Figure("filing.sent_twice", twice + _sent_after_an_answer(), "submissions", "<= 0")
    yield Figure("filing.lost", missing + differing, "submissions", "<= 0")


def _digest(client: Client, found: list[dict[str, Any]]) -> bytes | None:
    if not found:
        return None
    return held.read(found[0]["body"], business_id=client.user.business_id, tax_year=found[0]["tax_year"]).digest


def _sent_after_an_answer() -> int:
    puts = Attempt.objects.filter(submission=OuterRef("submission"), what=Step.PUT, outcome=_ANSWERED)
    before = puts.filter(begun_at__lt=OuterRef("begun_at"))
    return Attempt.objects.filter(Exists(before), what=Step.PUT).count()
