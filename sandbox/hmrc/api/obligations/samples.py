"""The obligations of the fixed answers: HMRC's ids and years."""

from datetime import date
from typing import Any

Details = list[dict[str, Any]]

_TYPES = (("self-employment", "XBIS"), ("uk-property", "XPIS"), ("foreign-property", "XFIS"))


def _detail(start: str, end: str, due: str, received: str | None) -> dict[str, Any]:
    known = {"periodStartDate": start, "periodEndDate": end, "dueDate": due}
    return known | ({"status": "fulfilled", "receivedDate": received} if received else {"status": "open"})


def _of_each(details: Details, *, number: str) -> list[dict[str, Any]]:
    return [
        {"typeOfBusiness": kind, "businessId": f"{letters}{number}", "obligationDetails": details}
        for kind, letters in _TYPES
    ]


_LAST_QUARTER = _detail("2019-01-06", "2019-04-05", "2019-05-05", None)
_FIRST_QUARTERS = [
    _detail("2018-04-06", "2018-07-05", "2018-08-05", "2018-08-01"),
    _detail("2018-07-06", "2018-10-05", "2018-11-05", "2018-11-01"),
    _detail("2018-10-06", "2019-01-05", "2019-02-05", "2019-02-01"),
]
QUARTERLY = _of_each([*_FIRST_QUARTERS, _LAST_QUARTER], number="12345678901")
OPEN = _of_each([_LAST_QUARTER], number="12345678903")
FULFILLED = _of_each([_FIRST_QUARTERS[0]], number="12345678902")
CUMULATIVE = _of_each(
    [
        _detail("2026-04-06", "2026-07-05", "2026-08-07", "2026-08-01"),
        _detail("2026-04-06", "2026-10-05", "2026-11-07", "2026-11-01"),
        _detail("2026-04-06", "2027-01-05", "2027-02-07", "2027-02-01"),
        _detail("2026-04-06", "2027-04-05", "2027-05-07", None),
    ],
    number="12345678901",
)


def echo(*, days: tuple[date, date] | None, status: str | None) -> list[dict[str, Any]]:
    """Return one obligation of each business, with these days and this status."""
    start, end = (day.isoformat() for day in days) if days else ("2018-04-06", "2018-07-05")
    return _of_each([_detail(start, end, end, end if status == "fulfilled" else None)], number="12345678901")


FINAL_OPEN = _detail("2018-04-06", "2019-04-05", "2020-01-31", None)
FINAL_MULTIPLE = [_detail("2017-04-06", "2018-04-05", "2019-01-31", "2019-01-25"), FINAL_OPEN]


def echo_final(*, start: date, end: date, due: date) -> dict[str, Any]:
    """Return an open final declaration of that year."""
    return _detail(start.isoformat(), end.isoformat(), due.isoformat(), None)
