"""Final declarations among the deadlines: what of each is on its way, as `mtd.deadlines` asks."""

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value, When

from mtd.models import Write, WriteKind, WriteStatus

IS_ONE = Q(final_of__gt="")
_OF_STATUS = {
    WriteStatus.ACCEPTED: "accepted",
    WriteStatus.QUEUED: "queued",
    WriteStatus.SENDING: "queued",
    WriteStatus.UNKNOWN: "in_doubt",
    WriteStatus.WAITING_FOR_CONNECTION: "waiting_for_connection",
}


def made() -> QuerySet[Write]:
    """The declarations that HMRC took of this obligation's tax year."""
    return _asked().filter(status=WriteStatus.ACCEPTED)


def status() -> Subquery:
    """Of the newest that was asked for."""
    return Subquery(_asked().order_by("-created_at", "-id").values("status")[:1])


def causes() -> list[When]:
    """What became of it, by the annotation `declaration_status`."""
    return [When(declaration_status=each, then=Value(cause)) for each, cause in _OF_STATUS.items()]


def _asked() -> QuerySet[Write]:
    place = {"landlord_id": OuterRef("landlord_id"), "tax_year": OuterRef("final_of")}
    return Write.objects.filter(kind=WriteKind.FINAL_DECLARATION, business_id="", **place)
