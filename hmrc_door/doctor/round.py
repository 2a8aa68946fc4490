"""The round: what needs no network first, then a few requests in turn, all through the pace."""

from collections.abc import Iterator, Mapping
from functools import partial

from hmrc_door import (
    business_details,
    calculations,
    health,
    individual_details,
    obligations,
    property_business,
    token_endpoint,
)
from hmrc_door.call import call
from hmrc_door.doctor import apis, clock, credentials, egress, headers, noted, settings, tls
from hmrc_door.doctor.finding import Finding, Level, skipped
from hmrc_door.environment import Environment
from hmrc_door.header_validation import validate_headers
from hmrc_door.hidden import Hidden
from hmrc_door.operation import Call
from hmrc_door.outcomes import NotSent, Outcome
from hmrc_door.pace import Lane
from hmrc_door.token_endpoint import ApplicationGranted
from tenants.clock import machine

# In the place of a NINO: HMRC refuses it as soon as it has found the API and its version.
NOBODY = Hidden("NOBODY")
_YEAR, _BUSINESS = "2026-27", "XAIS00000000000"

PROBES: tuple[Call, ...] = (
    business_details.list_businesses(NOBODY),
    obligations.list_obligations(nino=NOBODY),
    property_business.get_uk_cumulative(nino=NOBODY, business_id=_BUSINESS, tax_year=_YEAR),
    calculations.list_calculations(nino=NOBODY, tax_year=_YEAR),
    individual_details.get_itsa_status(nino=NOBODY, tax_year=_YEAR),
)
# The pace counts by agency; these requests are nobody's.
_AGENCY = "operator"
_send = partial(call, lane=Lane.INTERACTIVE, agency=_AGENCY, timeout_s=30.0)


def examine(environment: Environment, *, method: str, host_headers: Mapping[str, str]) -> Iterator[Finding]:
    """
    Yield what is found, as it is found.

    `host_headers`: the fraud-prevention headers of this host, by connection method `method`.
    """
    own = list(settings.look(environment))
    yield from own
    if any(finding.level is Level.FAILURE for finding in own):
        return
    yield from tls.look(environment)
    yield from egress.look(
        allowed=environment.egress_allow_list, told=environment.egress_address, api_url=environment.api_url
    )
    answers = [_try(secret) for secret in environment.client_secrets]
    for position, answer in enumerate(answers):
        yield from credentials.look(position, answer)
    token = next((answer.access_token for answer in answers if isinstance(answer, ApplicationGranted)), None)
    if token is None:
        yield skipped("apis", "without a token of the application no API can be asked")
    else:
        yield from _ask(environment, token, method=method, host_headers=host_headers)
    yield from noted.look(health.snapshot())


def _try(secret: Hidden) -> token_endpoint.ApplicationAnswer:
    return token_endpoint.application_token(lane=Lane.INTERACTIVE, agency=_AGENCY, secret=secret)


def _ask(environment: Environment, token: Hidden, *, method: str, host_headers: Mapping[str, str]) -> Iterator[Finding]:
    outcome: Outcome = NotSent(reason="nothing_asked")
    for probe in PROBES:
        outcome = _send(probe, bearer=token, headers=host_headers)
        received = machine()
        yield from apis.look(probe.api, outcome)
    yield from clock.look(getattr(outcome, "headers", {}), received=received)
    if environment.name == "production":
        yield skipped("fraud_headers", "HMRC's validator is in its sandbox only; production sends a monthly report")
    else:
        yield from headers.look(method, _send(validate_headers(), bearer=token, headers=host_headers))
