"""Designs that are known to be bad: common ones, and ours but for one mistake. What passes them all checks nothing."""

from collections.abc import Iterator, Mapping

from tests.model import steps
from tests.model.designs import OURS, Design
from tests.model.promises import Promise
from tests.model.steps import TAKES, Rule, Takes, bury, commit, release, settle
from tests.model.world import IDLE, At, Grant, Status, Step, Worker, fence, outdate

# Read, call, save; and with a lock round it, in Redis or on the row


def read(grant: Grant, me: Worker) -> Iterator[Step]:
    if me.at is At.IDLE and grant.status is Status.ACTIVE:
        yield Step("read", grant, Worker(At.CLAIMED))


def lock_and_read(grant: Grant, me: Worker) -> Iterator[Step]:
    if me.at is At.IDLE and grant.status is Status.ACTIVE and not grant.leased:
        yield Step("lock, read", grant._replace(leased=True), Worker(At.CLAIMED))


def save(grant: Grant, me: Worker) -> Iterator[Step]:
    saved = steps.renewed(grant)
    yield Step("save", saved, IDLE, outdate, stores=True)


def save_again_if_unsure(grant: Grant, me: Worker) -> Iterator[Step]:
    """Tried again when PostgreSQL went away before it answered, whatever has been stored since."""
    if me.age == 0:
        yield from commit(grant, me)
    else:
        yield Step("save again", grant, IDLE, stores=True)


def unlock(grant: Grant, me: Worker) -> Iterator[Step]:
    yield Step("unlock", grant._replace(leased=False), IDLE)


def ask_to_reconnect(grant: Grant, me: Worker) -> Iterator[Step]:
    if grant.status is not Status.WIPED:
        yield Step("ask to reconnect", grant._replace(status=Status.DEAD, leased=False), IDLE)


def lock_is_lost(grant: Grant) -> Iterator[Step]:
    """Its time is over, or Redis restarted, or failed over: nobody tells the holder."""
    if grant.leased:
        yield Step("the lock is lost", grant._replace(leased=False), fault=True)


def lock_dies_with_its_holder(grant: Grant, me: Worker) -> Iterator[Step]:
    for step in steps.die(grant, me):
        yield step._replace(grant=step.grant._replace(leased=False))


def never(*of: object) -> Iterator[Step]:
    yield from ()


NAIVE_TAKES: Takes = {
    (At.GRANTED, False): save,
    (At.DENIED, False): ask_to_reconnect,
    **dict.fromkeys([(At.UNSENT, False), (At.LOST, False), (At.NO_VERDICT, False)], unlock),
}
NAIVE = Design(claim=read, takes=NAIVE_TAKES, witness=never, lease=never, sweep=never)
REDIS_LOCK = NAIVE._replace(claim=lock_and_read, lease=lock_is_lost)
ROW_LOCK = NAIVE._replace(claim=lock_and_read, die=lock_dies_with_its_holder)

# Ours, but


def commit_by_fence(grant: Grant, me: Worker) -> Iterator[Step]:
    yield from commit(grant, me) if not me.fenced else [Step("answer not stored", grant, IDLE)]


def commit_by_version_alone(grant: Grant, me: Worker) -> Iterator[Step]:
    yield from steps.store(grant, me) if not me.age else commit(grant, me)


def lease_of_a_second(grant: Grant) -> Iterator[Step]:
    """It runs out on workers who are in time."""
    for step in steps.lease_passes(grant):
        yield step._replace(others=None)


def send_whenever(grant: Grant, me: Worker) -> Iterator[Step]:
    yield from steps.send(grant, me._replace(late=False))


def send_again_if_lost(grant: Grant, me: Worker) -> Iterator[Step]:
    """As an HTTP client's retry does: below the protocol, which learns of the last answer only."""
    for step in steps.hmrc(grant, me):
        yield step
        if step.me is not None and step.me.at is At.LOST:
            yield step._replace(name=f"{step.name}; sent again", me=me, sends=True)


def witness_with_any_token(grant: Grant, me: Worker) -> Iterator[Step]:
    for step in steps.witness(grant._replace(lapsed=False), me):
        if grant.lapsed:
            yield step._replace(name="witness: 401", grant=grant, me=Worker(At.DISOWNED, doubtful=True))
        else:
            yield step


def lease_that_hmrc_outlasts(grant: Grant) -> Iterator[Step]:
    """What was sent may be carried out after it."""
    for step in steps.lease_passes(grant):
        yield step._replace(grant=step.grant._replace(straggler=grant.straggler))


def vouch_and_keep_the_count(grant: Grant, me: Worker) -> Iterator[Step]:
    vouched = grant._replace(status=Status.ACTIVE, leased=False, unheard=0)
    yield from settle(me, "release: the witness vouches", grant, vouched)


def count_anything(grant: Grant, me: Worker) -> Iterator[Step]:
    yield from steps.count(grant, me, unheard=0)


def claim_then_read(grant: Grant, me: Worker) -> Iterator[Step]:
    """The row is read after the claim's transaction: what it holds by then is spent, claimed or not."""
    for step in steps.claim(grant, me):
        assert step.me is not None
        yield step._replace(me=step.me._replace(at=At.UNREAD))
    if me.at is At.UNREAD and grant.status is not Status.WIPED:
        doubtful = grant.status is Status.UNCERTAIN
        yield Step("read", grant, Worker(At.CLAIMED, doubtful, fenced=False, late=me.late))


def bury_whatever_is_there(grant: Grant, me: Worker) -> Iterator[Step]:
    if grant.status is not Status.WIPED:
        buried = grant._replace(status=Status.DEAD, leased=False)
        yield Step("bury", buried, IDLE, fence, reason="lost")


def claim_in_memory(grant: Grant, me: Worker) -> Iterator[Step]:
    if me.at is At.IDLE and grant.status is Status.ACTIVE:
        yield Step("claim, in memory", grant, Worker(At.CLAIMED))
    elif grant.status is not Status.ACTIVE:
        yield from steps.claim(grant, me)


def taking(at: At, rule: Rule, *, doubtful: bool) -> Design:
    return OURS._replace(takes={**TAKES, (at, doubtful): rule})


def committing(rule: Rule) -> Design:
    return OURS._replace(takes={**TAKES, (At.GRANTED, False): rule, (At.GRANTED, True): rule})


_P = Promise
BAD: Mapping[str, tuple[Design, set[Promise]]] = {
    "read, call, save": (NAIVE, {_P.NO_SILENT_LOSS, _P.NO_FALSE_ALARM, _P.ONE_SENDER, _P.REVOCATION_WINS}),
    "a Redis lock with a TTL": (REDIS_LOCK, {_P.NO_SILENT_LOSS, _P.ONE_SENDER}),
    "a row lock round the call": (ROW_LOCK, {_P.NO_SILENT_LOSS}),
    "a claim that is not persisted": (OURS._replace(claim=claim_in_memory), {_P.INTENT_FIRST, _P.NO_SILENT_LOSS}),
    "a row read after its claim": (OURS._replace(claim=claim_then_read), {_P.ONE_SENDER, _P.NO_SILENT_LOSS}),
    "commit guarded by the fence": (committing(commit_by_fence), {_P.NEWEST_WINS}),
    "commit unguarded, tried again": (committing(save_again_if_unsure), {_P.NEWEST_WINS}),
    "commit into a wiped row": (committing(commit_by_version_alone), {_P.REVOCATION_WINS}),
    "a lost answer taken for not sent": (taking(At.LOST, release(Status.ACTIVE), doubtful=False), {_P.NO_SILENT_LOSS}),
    "a lost answer taken for a loss": (taking(At.LOST, bury("lost"), doubtful=False), {_P.NO_FALSE_ALARM}),
    "a probe not sent makes active": (taking(At.UNSENT, release(Status.ACTIVE), doubtful=True), {_P.NO_SILENT_LOSS}),
    "5xx counted as lost probes": (taking(At.NO_VERDICT, count_anything, doubtful=True), {_P.NO_FALSE_ALARM}),
    "burial without the fence": (taking(At.DENIED, bury_whatever_is_there, doubtful=True), {_P.NO_FALSE_ALARM}),
    "a lease shorter than the send": (OURS._replace(lease=lease_of_a_second), {_P.ONE_SENDER}),
    "no send window": (OURS._replace(send=send_whenever), {_P.ONE_SENDER, _P.NO_SILENT_LOSS}),
    "retry on the wire": (OURS._replace(hmrc=send_again_if_lost), {_P.TRUE_REASON, _P.ONE_SENDER, _P.NO_SILENT_LOSS}),
    "a witness whose time is over": (OURS._replace(witness=witness_with_any_token), {_P.NO_FALSE_ALARM}),
    "asked again while a request may be under way": (
        taking(At.LOST, release(Status.UNCERTAIN), doubtful=False),
        {_P.NO_SILENT_LOSS, _P.ONE_SENDER},
    ),
    "asked again when a gateway gave up": (
        taking(At.NO_VERDICT, release(Status.UNCERTAIN), doubtful=True),
        {_P.NO_SILENT_LOSS, _P.ONE_SENDER},
    ),
    "a lease that HMRC outlasts": (
        OURS._replace(lease=lease_that_hmrc_outlasts),
        {_P.NO_SILENT_LOSS, _P.ONE_SENDER},
    ),
    "a witness that leaves the count": (
        taking(At.VOUCHED, vouch_and_keep_the_count, doubtful=True),
        {_P.NO_FALSE_ALARM},
    ),
    "no sweeper": (OURS._replace(sweep=never), {_P.NEVER_STUCK}),
}
