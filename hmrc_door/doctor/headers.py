"""Our fraud-prevention headers, by the opinion of HMRC's own validator. Sandbox only."""

from collections.abc import Iterator, Mapping

from hmrc_door.bodies import JSON
from hmrc_door.doctor.finding import Finding, failure, ok, warning
from hmrc_door.outcomes import Answered, Outcome

_MEND = "See docs/fraud-prevention.md; what cannot be collected has to be agreed with HMRC."


def look(method: str, outcome: Outcome) -> Iterator[Finding]:
    """What the validator said of the headers sent by `method`."""
    if not isinstance(outcome, Answered) or not isinstance(outcome.body, dict):
        yield warning("fraud_headers", f"{method}: HMRC's validator gave no opinion", "Try again later.")
        return
    code = outcome.body.get("code")
    if code == "VALID_HEADERS":
        yield ok("fraud_headers", f"{method}: VALID_HEADERS")
    for kind, found in (("errors", failure), ("warnings", warning)):
        for opinion in _listed(outcome.body, kind):
            yield found("fraud_headers", f"{method}: {_said(opinion)}", _MEND)


def _listed(body: Mapping[str, JSON], kind: str) -> Iterator[Mapping[str, JSON]]:
    opinions = body.get(kind)
    for opinion in opinions if isinstance(opinions, list) else ():
        if isinstance(opinion, dict):
            yield opinion


def _said(opinion: Mapping[str, JSON]) -> str:
    headers = opinion.get("headers")
    names = ", ".join(map(str, headers)) if isinstance(headers, list) else "?"
    return f"{names}: {opinion.get('message', opinion.get('code'))}"
