"""What is known of many landlords at once, in as many queries as of one; HMRC's details first, then its obligations."""

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from hmrc_oauth.models import Grant
from landlords.models import Landlord
from mtd.book import Book
from mtd.models import Business, Obligation, Reading
from mtd.quarters import QuarterlyType
from mtd.rules import Known
from mtd.tax_years import TaxYear
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import a_landlord, connect
from tests.mtd.scenes import BUSINESS, END, START, queue

YEAR = TaxYear(2026)
STANDARD_ENDS = [date(2026, 7, 5), date(2026, 10, 5), date(2027, 1, 5), date(2027, 4, 5)]
CALENDAR_ENDS = [date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31)]
DUE = [date(2026, 8, 7), date(2026, 11, 7), date(2027, 2, 7), date(2027, 5, 7)]


def known(landlord: Landlord) -> Known:
    return Book.of([landlord.pk]).known(landlord.pk, BUSINESS, YEAR)


def list_business(landlord: Landlord, time: FakeClock, **details: Any) -> None:
    Reading.objects.create(landlord=landlord, what="businesses", fetched_at=time.now)
    Business.objects.create(landlord=landlord, business_id=BUSINESS, type_of_business="uk-property", **details)


def owe(landlord: Landlord, ends: list[date], *, start: date = START) -> None:
    for end, due in zip(ends, DUE, strict=True):
        Obligation.objects.create(
            landlord=landlord,
            business_id=BUSINESS,
            type_of_business="uk-property",
            period_start=start,
            period_end=end,
            due_date=due,
            status="open",
        )


def test_of_whom_hmrc_was_not_asked_nothing_is_known(landlord: Landlord) -> None:
    assert known(landlord) == Known()


def test_the_details_of_a_business_are_known(landlord: Landlord, time: FakeClock) -> None:
    list_business(landlord, time, commencement_date=date(2020, 1, 1), cessation_date=date(2026, 9, 9))

    assert known(landlord) == Known("uk-property", commenced=date(2020, 1, 1), ceased=date(2026, 9, 9))


@pytest.mark.parametrize(
    ("since", "kind", "starts"),
    [
        ("2026-27", QuarterlyType.CALENDAR, {START}),
        ("2025-26", QuarterlyType.CALENDAR, {date(2026, 4, 1)}),
        ("2027-28", None, set()),  # what held before the choice, nobody has said
    ],
)
def test_a_choice_holds_from_its_tax_year_on(
    landlord: Landlord, time: FakeClock, since: str, kind: QuarterlyType | None, starts: set[date]
) -> None:
    list_business(landlord, time, quarterly_type="calendar", quarterly_type_since=since)

    assert known(landlord)[1:3] == (kind, frozenset(starts))


@pytest.mark.parametrize(
    ("ends", "start", "kind"),
    [
        (STANDARD_ENDS, START, QuarterlyType.STANDARD),
        (CALENDAR_ENDS, date(2026, 4, 1), QuarterlyType.CALENDAR),
        ([date(2026, 5, 5), *STANDARD_ENDS[1:]], START, None),
    ],
)
def test_obligations_tell_the_type_where_the_details_do_not(
    landlord: Landlord, ends: list[date], start: date, kind: QuarterlyType | None
) -> None:
    owe(landlord, ends, start=start)

    assert known(landlord)[1:3] == (kind, frozenset({start}))


def test_obligations_of_another_year_tell_nothing(landlord: Landlord) -> None:
    owe(landlord, [date(2025, 7, 5), date(2025, 10, 5), date(2026, 1, 5), date(2026, 4, 5)], start=date(2025, 4, 6))

    assert known(landlord) == Known()


def test_what_hmrc_accepted_from_us_is_known_by_its_last_day(grant: Grant, landlord: Landlord) -> None:
    for end in (END, date(2026, 10, 5)):
        submission = queue(landlord, period_end=end)
        type(submission).objects.filter(pk=submission.pk).update(status="accepted")
    queue(landlord, period_end=date(2026, 11, 11))

    assert known(landlord).reached == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("end", "due"),
    [
        (date(2026, 7, 5), DUE[0]),
        (date(2026, 7, 6), DUE[1]),
        (date(2026, 5, 1), DUE[0]),
        (date(2027, 4, 5), DUE[3]),
        (date(2027, 4, 6), None),
        (date(2026, 4, 5), None),
    ],
)
def test_an_update_is_due_with_the_quarter_in_which_it_ends(landlord: Landlord, end: date, due: date | None) -> None:
    owe(landlord, STANDARD_ENDS)

    assert Book.of([landlord.pk]).due_date(landlord.pk, BUSINESS, end) == due


def test_many_landlords_cost_no_more_queries_than_one(
    grant: Grant, landlord: Landlord, time: FakeClock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others = [a_landlord(nino=f"AA22222{number}A", name=f"Landlord {number}") for number in range(5)]
    for each in (landlord, *others):
        owe(each, STANDARD_ENDS)
        list_business(each, time)
    for each in others:
        connect(each)

    for some in ([landlord], [landlord, *others]):
        with django_assert_num_queries(6):
            book = Book.of([each.pk for each in some], references=[])
            assert all(book.may_connect(each.pk) and book.landlord(each.pk) for each in some)


def test_landlords_are_found_by_reference_too(landlord: Landlord) -> None:
    book = Book.of([], references=[landlord.reference, "nobody"])

    assert book.references == {landlord.reference: landlord.pk}
    assert book.landlord(landlord.pk) == landlord
