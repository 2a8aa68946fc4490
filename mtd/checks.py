"""Whether a submission may be queued: everything that stands in its way is told at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from hmrc_oauth.errors import NinoUnconfirmed, NotConnected
from landlords.errors import NinoMissing
from landlords.models import Landlord
from mtd import figures, rules
from mtd.book import Book
from mtd.errors import BusinessUnknown, DeclarationMissing, WholeBusinessNotDeclared
from mtd.leave import refusal
from mtd.tax_years import TaxYear
from tenants import clock
from tenants.faults import Fault, FieldFault, Invalid


class Wanted(NamedTuple):
    """A submission as asked for. `figures` as they came; everything else already of its type."""

    landlord_id: UUID
    business_id: str
    tax_year: str
    period_start: date
    period_end: date
    figures: Any
    declaration: Mapping[str, Any]
    mandate: Mapping[str, Any] | None
    fraud_context_id: UUID | None
    replaces: str | None = None  # digest, in hex, of what somebody else sent and this may erase


# In place of what could not be read; what is said of it then is left out.
_UNREAD: Mapping[str, Any] = {**dict.fromkeys(Wanted._fields), "business_id": "", "tax_year": "", "declaration": {}}


def read(book: Book, wanted: Wanted, *, now: datetime) -> dict[str, Any]:
    """The figures, if nothing stands in the way.

    Raises NotFound, and the first of Invalid, DeclarationMissing, WholeBusinessNotDeclared, NinoUnconfirmed,
    NinoMissing, NotConnected, BusinessUnknown, MandateMissing, MandateRevoked that holds, with the errors of all that
    hold.
    """
    book.landlord(wanted.landlord_id)
    amounts, found = _everything(book, wanted, now)
    _refuse(found)
    return amounts


def faults(book: Book, given: Mapping[str, Any], shape: Sequence[FieldFault], *, now: datetime) -> list[FieldFault]:
    """All that stands in the way of a submission of which only `given` could be read: `shape`, what is wrong with the
    rest, and what can be told all the same.
    """
    wanted = Wanted(**{**_UNREAD, **given})
    _, found = _everything(book, wanted, now)
    known = {each.pointer for each in shape}
    return [*shape, *(each for fault in found for each in fault.errors if not _is_told(each.pointer, known))]


def refuse_undeclared(declaration: Mapping[str, Any]) -> None:
    """Raises the first of DeclarationMissing, WholeBusinessNotDeclared that holds, with the errors of both."""
    _refuse(list(_undeclared(declaration)))


def _everything(book: Book, wanted: Wanted, now: datetime) -> tuple[dict[str, Any], list[Fault]]:
    """The figures, and what stands in the way; the landlord, if it is in the book."""
    amounts, fields = _fields(book, wanted, now)
    return amounts, [*([Invalid(errors=fields)] if fields else []), *_standing(book, wanted)]


def _is_told(pointer: str, known: Collection[str]) -> bool:
    """Whether this member, or one around it, is known to be at fault."""
    return any(pointer == each or pointer.startswith(f"{each}/") for each in known)


def _refuse(found: Sequence[Fault]) -> None:
    if found:
        raise type(found[0])(found[0].detail, errors=[error for each in found for error in each.errors])


def _undeclared(declaration: Mapping[str, Any]) -> Iterator[Fault]:
    if not declaration.get("accepted"):
        yield _told(DeclarationMissing, "/declaration/accepted")
    if not declaration.get("covers_whole_business"):
        yield _told(WholeBusinessNotDeclared, "/declaration/covers_whole_business")


def _fields(book: Book, wanted: Wanted, now: datetime) -> tuple[dict[str, Any], list[FieldFault]]:
    amounts, faults = figures.read(wanted.figures)
    told = rules.faults(
        business_id=wanted.business_id, tax_year=wanted.tax_year, start=wanted.period_start, end=wanted.period_end
    )
    unknown_year = any(fault.pointer == "/tax_year" for fault in told)
    misfits = [] if unknown_year else _misfits(book, wanted)
    return amounts, [*faults, *figures.beyond_threshold(amounts), *told, *misfits, *_at(wanted, now)]


def _misfits(book: Book, wanted: Wanted) -> list[FieldFault]:
    year = TaxYear.parse(wanted.tax_year)
    return rules.misfits(
        year=year,
        start=wanted.period_start,
        end=wanted.period_end,
        known=book.known(wanted.landlord_id, wanted.business_id, year),
        today=clock.today(),
    )


def _at(wanted: Wanted, now: datetime) -> Iterator[FieldFault]:
    """Nobody has agreed to anything tomorrow."""
    said: Mapping[str, datetime | None] = {
        "/declaration/at": wanted.declaration.get("at"),
        "/mandate/given_at": (wanted.mandate or {}).get("given_at"),
    }
    for pointer, moment in said.items():
        if moment is not None and clock.is_to_come(moment, now=now):
            yield FieldFault(pointer, "in_future", "This moment is still to come.")


def _standing(book: Book, wanted: Wanted) -> Iterator[Fault]:
    yield from _undeclared(wanted.declaration)
    landlord = book.landlords.get(wanted.landlord_id)
    if landlord is None:
        return
    if book.is_unconfirmed(landlord.pk):
        yield _told(NinoUnconfirmed, "/landlord_id")
    else:
        yield from _unreachable(book, landlord)
    if not book.lists(landlord.pk, wanted.business_id):
        yield _told(BusinessUnknown, "/business_id")
    missing = refusal(book.mandates.get(landlord.pk), wanted.mandate)
    if missing:
        yield _told(missing, "/mandate")


def _unreachable(book: Book, landlord: Landlord) -> Iterator[Fault]:
    if landlord.nino is None:
        yield _told(NinoMissing, "/landlord_id")
    if not book.may_connect(landlord.pk):
        yield _told(NotConnected, "/landlord_id")


def _told(fault: type[Fault], pointer: str) -> Fault:
    return fault(errors=[FieldFault(pointer, fault.code, fault.title)])
