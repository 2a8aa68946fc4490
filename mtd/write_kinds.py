"""How each kind of write is sent, how HMRC is asked whether it holds it, and what follows when it does."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hmrc_door import business_details, calculations, property_business
from hmrc_door.operation import Call
from hmrc_door.versions import Api
from mtd import annual_shape, readings, subjects
from mtd.models import Business, Calculation, Reading, Write, WriteKind
from tenants import due

Content = Mapping[str, Any]


class Kind(NamedTuple):
    """`holds` says whether HMRC's answer to `look` is what was sent.

    Where it is not, the answer counts `sure_after` from when the doubt began. `already` are HMRC's codes for what can
    be the echo of our own first try.
    """

    api: Api
    send: Callable[[Write, Content], Call]
    look: Callable[[Write, Content], Call]
    holds: Callable[[Content, Any], bool]
    accepted: Callable[[Write, Content, datetime], None]
    sure_after: timedelta = timedelta(seconds=5)
    already: frozenset[str] = frozenset()


def content_of(write: Write, *, reason: str) -> Content:
    """What is written, opened; nothing once the landlord is erased."""
    if write.content is None:
        return {}
    with write.content.open(reason=reason) as text:
        return dict(json.loads(text))


# Quarterly type


def _send_type(write: Write, content: Content) -> Call:
    return business_details.put_quarterly_type(
        nino=write.landlord.nino,
        business_id=write.business_id,
        tax_year=write.tax_year,
        body={"quarterlyPeriodType": content["type"]},
    )


def _look_at_type(write: Write, _: Content) -> Call:
    return business_details.get_business(nino=write.landlord.nino, business_id=write.business_id)


def _has_type(content: Content, body: Any) -> bool:
    return bool(body.get("quarterlyTypeChoice", {}).get("quarterlyPeriodType") == content["type"])


def _took_type(write: Write, content: Content, now: datetime) -> None:
    mine = Business.objects.filter(landlord_id=write.landlord_id, business_id=write.business_id)
    changed = mine.exclude(quarterly_type=content["type"])
    changed.update(quarterly_type=content["type"], quarterly_type_since=write.tax_year)
    # The quarters end on other days now.
    readings.ask(landlord_id=write.landlord_id, what="obligations", lane=due.Lane.BULK, now=now)


# Annual submission


def _send_annual(write: Write, content: Content) -> Call:
    return property_business.put_uk_annual(**_annual_place(write), body={"ukProperty": annual_shape.read(content)[0]})


def _look_at_annual(write: Write, _: Content) -> Call:
    return property_business.get_uk_annual(**_annual_place(write))


def _annual_place(write: Write) -> dict[str, Any]:
    return {"nino": write.landlord.nino, "business_id": write.business_id, "tax_year": write.tax_year}


def _has_annual(content: Content, body: Any) -> bool:
    held, faults = annual_shape.read(body.get("ukProperty"))
    return not faults and held == annual_shape.read(content)[0]


def _took_annual(write: Write, content: Content, now: datetime) -> None:
    what = f"annual:{write.business_id}:{write.tax_year}"
    subject, of = subjects.find(what)
    subject.store(write.landlord, {"ukProperty": content, "submittedOn": now.isoformat()}, *of)
    Reading.objects.update_or_create(landlord=write.landlord, what=what, defaults={"fetched_at": now})


# Final declaration, and the confirmation of an amendment


def _send_declaration(write: Write, content: Content) -> Call:
    return calculations.submit_declaration(
        nino=write.landlord.nino,
        tax_year=write.tax_year,
        calculation_id=content["calculation_id"],
        calculation_type=content["type"],
    )


def _look_at_declarations(write: Write, _: Content) -> Call:
    # The obligation is marked up to an hour later; the list is what the declaration itself changes.
    return calculations.list_calculations(nino=write.landlord.nino, tax_year=write.tax_year)


def _is_declared(content: Content, body: Any) -> bool:
    return any(
        (each.get("calculationId"), each.get("calculationType")) == (content["calculation_id"], content["type"])
        for each in body.get("calculations", [])
    )


def _took_declaration(_: Write, content: Content, now: datetime) -> None:
    for calculation in Calculation.objects.filter(pk=content["calculation"]):
        calculation.declare(now=now)


KINDS = {
    WriteKind.QUARTERLY_TYPE: Kind(Api.BUSINESS_DETAILS, _send_type, _look_at_type, _has_type, _took_type),
    WriteKind.ANNUAL_SUBMISSION: Kind(Api.PROPERTY_BUSINESS, _send_annual, _look_at_annual, _has_annual, _took_annual),
    WriteKind.FINAL_DECLARATION: Kind(
        Api.CALCULATIONS,
        _send_declaration,
        _look_at_declarations,
        _is_declared,
        _took_declaration,
        sure_after=timedelta(minutes=5),
        already=frozenset({"RULE_FINAL_DECLARATION_RECEIVED", "RULE_FINAL_DECLARATION_IN_PROGRESS"}),
    ),
}
