"""Foreign properties by name, from 2026-27: each gets an id, by which updates then name it."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from sandbox.hmrc.api import exact
from sandbox.hmrc.api.operation import Answer, Call
from sandbox.hmrc.api.problems import Problem, Refusal, refuse
from sandbox.hmrc.api.property_business import problems
from sandbox.hmrc.api.property_business.declaring import Given, find_business
from sandbox.hmrc.api.property_business.keeping import details_place, refuse_closed_window
from sandbox.hmrc.businesses import Business
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.records import Record


def get(call: Call, given: Given) -> Answer:
    find_business(call, given)
    held = call.world.records.at(details_place(call.user.nino, given.business_id))
    found = [_show(one) for one in held if given.property_id in {"", one.record_id}]
    if not found:
        raise Refusal(problems.NOT_FOUND)
    return Answer(200, {"foreignPropertyDetails": found})


def add(call: Call, given: Given) -> Answer:
    """Add a property under a name that the business has not yet used. Raises Refusal."""
    with call.world.store.transaction():
        _check(call, given, find_business(call, given))
        record_id = str(uuid4())
        _keep(call, given.business_id, record_id, given.body)
    return Answer(given.declared.status, {"propertyId": record_id})


def amend(call: Call, given: Given) -> Answer:
    """Rename a property or end it; its country stays. Raises Refusal."""
    with call.world.store.transaction():
        business, held = _find(call, given)
        _check(call, given, business)
        country = {"countryCode": exact.loads(held.body.encode())["countryCode"]}
        _keep(call, business.business_id, held.record_id, {**given.body, **country})
    return Answer(given.declared.status)


def _find(call: Call, given: Given) -> tuple[Business, Record]:
    # The path has no business id: the property's own is looked for among all of the taxpayer's businesses.
    for business in call.user.businesses:
        place = details_place(call.user.nino, business.business_id)
        held = call.world.records.find(place, record_id=given.record_id)
        if held:
            return business, held
    return refuse(problems.NOT_FOUND)


def _check(call: Call, given: Given, business: Business) -> None:
    refuse_closed_window(call, given)
    for problem in _state_problems(call, given, business):
        raise Refusal(problem)


def _state_problems(call: Call, given: Given, business: Business) -> Iterator[Problem]:
    year = given.year or refuse(problems.TAX_YEAR_NOT_SUPPORTED)
    if business.commencement_date > year.end:
        yield problems.BEFORE_START
    if business.cessation_date and business.cessation_date < year.start:
        yield problems.CEASED
    others = call.world.records.at(details_place(call.user.nino, business.business_id))
    names = {_body(one)["propertyName"] for one in others if one.record_id != given.record_id}
    if given.body["propertyName"] in names:
        yield problems.SAME_NAME


def _keep(call: Call, business_id: str, record_id: str, body: Mapping[str, Any]) -> None:
    place = details_place(call.user.nino, business_id)
    now = call.world.clock.now()
    call.world.records.put(Record(place=place, body=exact.dumps(body), submitted_at=now, record_id=record_id))


def _body(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = exact.loads(record.body.encode())
    return found


def _show(record: Record) -> dict[str, Any]:
    return {"submittedOn": to_iso(record.submitted_at), "propertyId": record.record_id} | _body(record)
