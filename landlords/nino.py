"""National Insurance numbers: what is taken, and which rule refuses the rest.

Shape: HMRC's data types (two letters, six digits, A to D). Prefixes: HMRC's own pattern, hmrc/property-business-api
and its siblings, `app/shared` (Apache-2.0): resolvers for NINO. QQ is the prefix of documentation: never issued.
"""

import re

_SHAPE = re.compile(r"^[A-Z]{2}[0-9]{6}[A-D]\Z")
_PREFIX = re.compile(
    r"^(?:[ACEHJLMOPRSWXY][A-CEGHJ-NPR-TW-Z]|B[A-CEHJ-NPR-TW-Z]|G[ACEGHJ-NPR-TW-Z]|[KT][A-CEGHJ-MPR-TW-Z]|N[A-CEGHJL-NPR-SW-Z]|Z[A-CEGHJ-NPR-TW-Y])\Z"
)
_DOCUMENTATION = "QQ"
# People of the stand-in with a fixed outcome (docs/sandbox.md): never asked for at HMRC.
_STAND_INS = re.compile(r"^QQ00000[0-9]A\Z")


class NinoRefused(ValueError):  # noqa: N818 - it is refused, nothing went wrong here
    """Not a NINO that can be used. `code` says which rule; the text never holds the value."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def parse(raw: str, *, environment: str) -> str:
    """The nine characters HMRC takes: spaces dropped, upper case. `environment`: HMRC's, by its name in settings.
    Raises NinoRefused.
    """
    nino = re.sub(r"\s", "", raw).upper()
    if not _SHAPE.match(nino):
        raise NinoRefused(
            "nino.format", "A National Insurance number is two letters, six digits and a letter from A to D."
        )
    if nino.startswith(_DOCUMENTATION):
        if environment != "local" and _STAND_INS.match(nino):
            raise NinoRefused(
                "nino.stand_in", "This number has a fixed outcome at the local stand-in, and nowhere else."
            )
        if environment == "production":
            raise NinoRefused("nino.documentation", "QQ numbers are for documentation only; HMRC has never issued one.")
    elif not _PREFIX.match(nino[:2]):
        raise NinoRefused(
            "nino.prefix", "HMRC has never issued a National Insurance number with these first two letters."
        )
    return nino


def mask(nino: str) -> str:
    """First two and last three characters: enough to recognise one's own, not enough to use."""
    return f"{nino[:2]}****{nino[-3:]}"
