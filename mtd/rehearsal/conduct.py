"""A rehearsal with one landlord's connection: a test user of HMRC's sandbox, connected in the ordinary way."""

from collections.abc import Callable, Iterator, Mapping
from time import monotonic, sleep
from uuid import UUID

from hmrc_door import config, token_endpoint
from hmrc_door.bodies import JSON
from hmrc_door.call import Call, Lane, call
from hmrc_door.header_validation import get_feedback, validate_headers
from hmrc_door.outcomes import Answered, Outcome
from hmrc_door.token_endpoint import ApplicationGranted
from hmrc_oauth import access, fraud_contexts
from hmrc_oauth.access import Bearer
from landlords.models import Landlord
from mtd.rehearsal.evidence import Evidence
from mtd.rehearsal.perform import Performed, perform
from mtd.rehearsal.scene import Scene
from mtd.rehearsal.steps import STEPS
from tenants import clock, due
from tenants.context import current_agency
from tenants.faults import NotFound

# HMRC's names of the APIs, where it gives feedback on the headers of our latest calls.
FEEDBACK = ("business-details-mtd", "obligations-mtd", "property-business-mtd", "individual-calculations-mtd")
# How long the workers may take to refresh a token that is too old.
TOKEN_WAIT_S = 60.0


class NoToken(Exception):  # noqa: N818 - an answer
    """The workers did not bring a fresh access token in time: do they run?"""


def conduct(*, reference: str, fraud_context: UUID | None, tell: Callable[[Performed], None]) -> Evidence:
    """
    Perform every step for the landlord of this reference, and ask what HMRC thinks of the headers.

    `fraud_context`: the headers of the person it names; without one, this host's own. `tell` hears of each step.
    Raises NotFound, FraudContextUnknown, NotConnected, ReconnectRequired, NoToken.
    """
    landlord = Landlord.objects.filter(reference=reference, archived_at=None).first()
    if landlord is None or landlord.nino is None:
        raise NotFound
    headers = fraud_contexts.of_host()
    if fraud_context:
        headers = fraud_contexts.of_person(fraud_contexts.kept(context_id=fraud_context, landlord_id=landlord.pk))
    send = _sender(landlord.pk, headers)
    evidence = Evidence(
        environment=config.environment().name, nino=landlord.nino, headers=list(headers), began_at=clock.now()
    )
    for done in perform(STEPS, Scene.on(clock.today(), nino=landlord.nino), send=send, now=clock.now):
        evidence.performed.append(done)
        tell(done)
    evidence.opinions.update(_opinions(headers))
    return evidence


def _sender(landlord_id: UUID, headers: Mapping[str, str]) -> Callable[[Call], Outcome]:
    agency = str(current_agency().pk)

    def send(operation: Call) -> Outcome:
        return call(operation, bearer=_bearer(landlord_id), lane=Lane.INTERACTIVE, agency=agency, headers=headers)

    return send


def _bearer(landlord_id: UUID) -> Bearer:
    until = monotonic() + TOKEN_WAIT_S
    while monotonic() < until:
        connection = access.get_usable(landlord_id=landlord_id, now=clock.now())
        try:
            return access.bearer(connection, lane=due.Lane.INTERACTIVE, now=clock.now())
        except access.AwaitingToken:
            sleep(1)
    raise NoToken


def _opinions(headers: Mapping[str, str]) -> Iterator[tuple[str, JSON]]:
    agency = str(current_agency().pk)
    granted = token_endpoint.application_token(lane=Lane.INTERACTIVE, agency=agency)
    if not isinstance(granted, ApplicationGranted):
        return
    questions = {"validate": validate_headers(), **{name: get_feedback(api=name) for name in FEEDBACK}}
    for name, question in questions.items():
        outcome = call(question, bearer=granted.access_token, lane=Lane.INTERACTIVE, agency=agency, headers=headers)
        yield name, outcome.body if isinstance(outcome, Answered) else None
