"""What is promised (docs/refresh.md), as questions to a state and to a step."""

from collections.abc import Iterator
from enum import StrEnum

from tests.model.world import At, Grant, Standing, Status, Step, Worker, Workers


class Promise(StrEnum):
    INTENT_FIRST = "no token is spent under a row that says active"
    NO_SILENT_LOSS = "when a pair is lost, the row does not say active"
    NO_FALSE_ALARM = "nobody reconnects while the token works, unless three probes' answers were lost"
    TRUE_REASON = "a grant that we lost is not told as one that HMRC or the landlord ended"
    ONE_SENDER = "nobody sends a token while its claimant, within the lease, has it out, or HMRC may still carry it out"
    NEWEST_WINS = "a pair is stored if the row holds the token it was bought with, and never over a newer one"
    REVOCATION_WINS = "a wiped row stays wiped"
    NEVER_STUCK = "wherever it stands, without further ill luck it comes to rest, and doubt ends"


def broken_in(grant: Grant, workers: Workers) -> Iterator[Promise]:
    """The promises that a state breaks."""
    if grant.status is Status.ACTIVE and grant.standing is Standing.SPENT:
        yield Promise.INTENT_FIRST
        if not any(each.at is At.GRANTED and not each.age for each in workers):
            yield Promise.NO_SILENT_LOSS
    if grant.status is Status.DEAD and grant.standing is Standing.LIVE and grant.unheard < 3:
        yield Promise.NO_FALSE_ALARM


def broken_by(grant: Grant, me: Worker, step: Step, others: Workers) -> Iterator[Promise]:
    """The promises that a step breaks. After it, all bets are off."""
    if step.sends and (is_under_way(grant, me) or any(has_it_out(other, me) for other in others)):
        yield Promise.ONE_SENDER
    if grant.status is Status.WIPED and step.grant.status is not Status.WIPED:
        yield Promise.REVOCATION_WINS
    if step.reason == "refused" and grant.standing is not Standing.ENDED:
        yield Promise.TRUE_REASON
    if (step.stores and me.age > 1) or throws_away(grant, me, step):
        yield Promise.NEWEST_WINS


def has_it_out(other: Worker, me: Worker) -> bool:
    return other.at in {At.SENT, At.GRANTED} and not other.late and other.age == me.age


def is_under_way(grant: Grant, me: Worker) -> bool:
    return grant.straggler and not me.age


def throws_away(grant: Grant, me: Worker, step: Step) -> bool:
    useful = me.at is At.GRANTED and me.age == 0 and grant.status is not Status.WIPED
    return useful and not step.stores and not step.kills and step.me is not None and step.me.at is At.IDLE


def is_at_rest(grant: Grant, workers: Workers) -> bool:
    """Nobody is busy, and the row says how things stand."""
    return grant.status in {Status.ACTIVE, Status.DEAD, Status.WIPED} and all(each.at is At.IDLE for each in workers)
