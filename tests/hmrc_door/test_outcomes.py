"""Every status has exactly one outcome."""

import pytest

from hmrc_door.outcomes import Answered, Refused, Unknown, classify, retry_after

BODY = b'{"code":"SOME_CODE","message":"m"}'
REFUSED = {*range(400, 500), 301, 302, 307, 308, 501} - {408}


@pytest.mark.parametrize("status", range(100, 600))
def test_every_status_has_the_outcome_of_its_row(status: int) -> None:
    expected = Answered if status in range(200, 300) else Refused if status in REFUSED else Unknown

    outcome = classify(status=status, headers={}, body=BODY)

    assert type(outcome) is expected
    assert outcome.status == status


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_hmrcs_own_faults_leave_doubt_but_keep_its_code(status: int) -> None:
    outcome = classify(status=status, headers={"Retry-After": "7", "X-CorrelationId": "c-1"}, body=BODY)

    assert isinstance(outcome, Unknown)
    assert (outcome.reason, outcome.code, outcome.retry_after) == ("server_error", "SOME_CODE", 7.0)
    assert outcome.correlation_id == "c-1"


def test_other_unclear_statuses_have_a_word_of_their_own() -> None:
    outcome = classify(status=408, headers={}, body=b"")

    assert isinstance(outcome, Unknown)
    assert (outcome.reason, outcome.code) == ("undecided_status", "")


def test_a_success_that_cannot_be_read_is_in_doubt() -> None:
    outcome = classify(status=200, headers={"x-correlationid": "c-2"}, body=b"<html>")

    assert isinstance(outcome, Unknown)
    assert (outcome.reason, outcome.status, outcome.correlation_id) == ("unreadable_answer", 200, "c-2")


def test_a_failure_in_the_edges_html_is_a_refusal_without_a_code() -> None:
    outcome = classify(status=403, headers={"Content-Type": "text/html"}, body=b"<html>Blocked</html>")

    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.headers) == ("", {"content-type": "text/html"})


def test_headers_that_may_hold_a_nino_or_a_session_are_not_kept() -> None:
    outcome = classify(status=302, headers={"Location": "/x/AA000001A", "Set-Cookie": "s", "Sunset": "soon"}, body=b"")

    assert outcome.headers == {"sunset": "soon"}


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\x00b", "\xe9"])
def test_a_correlation_id_that_is_none_is_left_out(status: int, given: str) -> None:
    outcome = classify(status=status, headers={"X-CorrelationId": given}, body=b"{}")

    assert isinstance(outcome, Answered | Refused | Unknown)
    assert outcome.correlation_id == ""


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "12"}, 12.0),
        ({"retry-after": "-12"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 0.0),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:30 -0000", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, None),
        (
            {"retry-after": "Sun, 22 Nov 99999999999 10:00:30 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"},
            None,
        ),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 -0100", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, None),
    ],
)
def test_retry_after_is_a_number_or_a_date_on_hmrcs_own_clock(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds
