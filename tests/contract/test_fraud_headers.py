"""The headers that the door builds are what HMRC's validator, as the stand-in plays it, calls valid."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hmrc_door.fraud import Facts, build
from sandbox.hmrc.fraud.methods import MAY_BE_ABSENT
from sandbox.hmrc.fraud.report import validate
from sandbox.hmrc.modes import PRODUCTION_LIKE
from tests.contract import facts
from tests.contract.samples import sample
from tests.contract.standin import Standin, content
from tests.hmrc_door.test_fraud import BATCH, OTHER, WEB
from tests.hmrc_door.test_fraud_formats import _facts as whatever_was_collected
from tests.sandbox.hmrc.test_fraud_validator import BAD, full_name

# HMRC advises of a device whose maker or model is not told.
DEVICE = {"os-family": "Linux", "os-version": "6.12", "device-manufacturer": "Plover", "device-model": "P 2"}
METHODS: dict[str, Facts] = {"web": WEB, "other": {**OTHER, "device": DEVICE}, "batch": {**BATCH, "device": DEVICE}}
BUILT = {name: build(collected).headers for name, collected in METHODS.items()}
EACH_HEADER = [(method, header) for method, headers in BUILT.items() for header in headers]
VALIDATE = facts.find("GET", "/test/fraud-prevention-headers/validate")
FEEDBACK = facts.find("GET", "/test/fraud-prevention-headers/{api}/validation-feedback")


def _told(report: dict[str, Any], header: str) -> set[str]:
    return {
        each["code"]
        for part in ("errors", "warnings")
        for each in report.get(part, ())
        if header.lower() in each["headers"]
    }


@pytest.mark.parametrize("method", METHODS)
def test_what_the_door_builds_is_valid_and_complete(method: str, standins: dict[str, Standin]) -> None:
    response = standins[PRODUCTION_LIKE].ask(sample(VALIDATE).within(**BUILT[method]))

    assert content(response)["code"] == "VALID_HEADERS", response.text
    assert facts.complaints(VALIDATE.response, content(response)) == []


@pytest.mark.parametrize(("method", "header"), EACH_HEADER)
def test_a_header_left_out_is_missed(method: str, header: str) -> None:
    report = validate({name: value for name, value in BUILT[method].items() if name != header})

    advisory = header.lower() in MAY_BE_ABSENT
    assert ("POTENTIALLY_INVALID_HEADER" if advisory else "MISSING_HEADER") in _told(report, header)


@pytest.mark.parametrize(("method", "header"), EACH_HEADER)
def test_a_header_spoilt_is_found_out(method: str, header: str) -> None:
    for short, value, (code, _), _ in BAD:
        if full_name(short) == header.lower():
            assert code in _told(validate(dict(BUILT[method]) | {header: value}), header), value


@given(
    sound=st.sampled_from([WEB, OTHER, BATCH]),
    odd=whatever_was_collected,
    keep=st.sets(st.sampled_from([*WEB, *OTHER])),
)
@settings(max_examples=200, deadline=None)
def test_whatever_was_collected_no_header_is_sent_that_hmrc_would_call_invalid(
    sound: Facts, odd: dict[str, Any], keep: set[str]
) -> None:
    mixed = sound | {name: value for name, value in odd.items() if name not in {*keep, "connection_method"}}

    built = build(cast("Facts", mixed))

    report = validate(built.headers)

    lacking = {note.header.lower() for note in built.missing}
    errors = [error for error in report.get("errors", ()) if not set(error["headers"]) <= lacking]
    assert errors == []
    assert {header for error in report.get("errors", ()) for header in error["headers"]} >= lacking - MAY_BE_ABSENT


def test_the_feedback_tells_of_the_newest_request_to_each_endpoint(fresh: Callable[[str], Standin]) -> None:
    standin = fresh(PRODUCTION_LIKE)
    listing, details = (
        facts.find("GET", f"/individuals/business/details/{{nino}}/{part}") for part in ("list", "{businessId}")
    )
    for request in (sample(listing), sample(details), sample(listing).within(**BUILT["web"])):
        standin.ask(request)

    told = content(standin.ask(sample(FEEDBACK).at(api="business-details-mtd")))

    assert facts.complaints(FEEDBACK.response, told) == []
    assert [(each["path"], each["code"]) for each in told["requests"]] == [
        (sample(listing).address, "VALID_HEADERS"),
        (sample(details).address, "NO_HEADERS"),
    ]


def test_the_feedback_can_be_about_one_connection_method(fresh: Callable[[str], Standin]) -> None:
    standin = fresh(PRODUCTION_LIKE)
    listing = facts.find("GET", "/individuals/business/details/{nino}/list")
    for method in ("web", "batch"):
        standin.ask(sample(listing).within(**BUILT[method]))

    def told(method: str) -> list[str]:
        asked = sample(FEEDBACK).at(api="business-details-mtd", connectionMethod=method)
        return [each["headers"][0]["value"] for each in content(standin.ask(asked))["requests"]]

    assert told("BATCH_PROCESS_DIRECT") == ["BATCH_PROCESS_DIRECT"]
    assert told("WEB_APP_VIA_SERVER") == ["WEB_APP_VIA_SERVER"]
    assert told("OTHER_VIA_SERVER") == []


@pytest.mark.parametrize(
    ("at", "status"), [({"api": "no-such-api"}, 404), ({"connectionMethod": "BY_PIGEON"}, 400)], ids=str
)
def test_feedback_on_what_there_is_not_is_refused(
    at: dict[str, str], status: int, standins: dict[str, Standin]
) -> None:
    assert standins[PRODUCTION_LIKE].ask(sample(FEEDBACK).at(**at)).status_code == status
