"""The final declaration, and the confirmation of an amendment: first the wording, then the click.

What is approved is locked by a digest of HMRC's calculation and of the wording that was shown beside it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from mtd import calculations, wording, writes
from mtd.errors import DeclarationMissing, NotDeclarable, OtherDigest
from mtd.models import Calculation, CalculationStatus, CalculationType, Write, WriteKind
from mtd.tax_years import TaxYear
from mtd.writes import Wanted
from people.principal import Principal
from tenants import clock
from tenants.faults import NotFound

# What each type of calculation is declared as, in HMRC's words.
_DECLARED_AS = {
    CalculationType.TO_FINALISE: "final-declaration",
    CalculationType.TO_AMEND: "confirm-amendment",
}


class Terms(NamedTuple):
    """What is to be shown and agreed to."""

    calculation: Calculation
    declared_as: str
    wording: wording.Wording
    digest: str


def terms(*, by: Principal, calculation: Calculation) -> Terms:
    """Raises NotDeclarable, TaxYearNotEnded, AmendmentWindowClosed."""
    kind = CalculationType(calculation.type)
    is_sound = calculation.status == CalculationStatus.READY and not calculation.has_errors
    if kind not in _DECLARED_AS or not is_sound or calculation.declared_at is not None:
        raise NotDeclarable
    calculations.refuse_untimely(TaxYear.parse(calculation.tax_year), kind, today=clock.today())
    words = wording.declaration(is_landlord=by.landlord_id is not None)
    shown = [_DECLARED_AS[kind], calculation.calculation_id, words.version, words.text, _digest_of(calculation)]
    digest = hashlib.sha256(json.dumps(shown).encode()).hexdigest()
    return Terms(calculation, _DECLARED_AS[kind], words, digest)


def declare(
    *,
    by: Principal,
    calculation: Calculation,
    digest: str,
    declaration: Mapping[str, Any],
    fraud_context_id: UUID | None,
    now: datetime,
) -> Write:
    """Queue what was agreed to, to be sent once.

    Raises what `terms` and `writes.accept` raise; DeclarationMissing; OtherDigest if something else was shown.
    """
    agreed = terms(by=by, calculation=calculation)
    if not declaration.get("accepted"):
        raise DeclarationMissing
    if (digest, declaration.get("text_version")) != (agreed.digest, agreed.wording.version):
        raise OtherDigest
    content = {
        "calculation": str(calculation.pk),
        "calculation_id": calculation.calculation_id,
        "type": agreed.declared_as,
        "agreed": agreed.digest,
    }
    wanted = Wanted(
        landlord=calculation.landlord,
        kind=WriteKind.FINAL_DECLARATION,
        business_id="",
        tax_year=calculation.tax_year,
        content=content,
        fraud_context_id=fraud_context_id,
        declaration={**declaration, "digest": agreed.digest, "calculation": str(calculation.pk)},
    )
    return writes.accept(by=by, wanted=wanted, now=now)


def newest(calculation: Calculation) -> Write:
    """What became of the declaration that quotes this calculation. Raises NotFound if none does."""
    found = (
        Write.objects.filter(
            landlord_id=calculation.landlord_id,
            kind=WriteKind.FINAL_DECLARATION,
            tax_year=calculation.tax_year,
            declaration__calculation=str(calculation.pk),
        )
        .order_by("-created_at", "-id")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _digest_of(calculation: Calculation) -> str:
    """Of what is kept, worked out anew: what was shown, not what a column says of it."""
    return calculations.digest(calculations.content_of(calculation)).hex()
