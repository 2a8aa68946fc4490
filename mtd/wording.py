"""The words that are shown before somebody agrees, by version. A changed wording is a new version; old ones stay, for
the evidence.

Source of HMRC's: its service guide (income-tax-mtd-end-to-end-service-guide, June 2026), "Agreeing to the declaration"
and "Retrieving a tax calculation"; Crown copyright, Open Government Licence v3.0.
"""

from datetime import date
from typing import NamedTuple


class Wording(NamedTuple):
    version: str
    text: str


_LANDLORD = Wording(
    "hmrc-declaration-landlord-2026-06",
    "I declare that the information and self-assessment I have filed are (taken together) correct and complete to the "
    "best of my knowledge. I understand that I may have to pay financial penalties and face prosecution if I give "
    "false information.",
)
_AGENT = Wording(
    "hmrc-declaration-agent-2026-06",
    "I confirm that my client has received a copy of all the information being filed and approved the information as "
    "being correct and complete to the best of their knowledge and belief. My client understands that they may have to "
    "pay financial penalties and face prosecution if they give false information.",
)
# Ours: HMRC asks for no wording beside a quarterly update, and has none for an agency's mandate.
UPDATE = Wording(
    "quarterday-update-2026-11",
    "These figures are correct and complete to the best of my knowledge. They are for the tax year to date and cover "
    "the landlord's whole UK property business: every property, whoever lets it. I understand that they replace "
    "what HMRC holds, and that the landlord has given leave to send them.",
)
_MANDATES = {
    "standing": Wording(
        "quarterday-mandate-standing-2026-11",
        "I authorise the agency to send the quarterly updates of my UK property business to HMRC for me, every "
        "quarter, until I take this back. I can see what was sent, and take this back at any time.",
    ),
    "per_quarter": Wording(
        "quarterday-mandate-per-quarter-2026-11",
        "I authorise the agency to prepare the quarterly updates of my UK property business. Each one is sent to HMRC "
        "only after I have seen its figures and approved them. I can take this back at any time.",
    ),
}
_DISCLAIMER = Wording(
    "hmrc-disclaimer-2026-06",
    "This calculation is only based on information HMRC have received about your income and expenses to {until}. This "
    "may change as we receive further information about you during the tax year",
)


def declaration(*, is_landlord: bool) -> Wording:
    """What somebody must read and agree to before the tax year is made final: the landlord, or who acts for them."""
    return _LANDLORD if is_landlord else _AGENT


def disclaimer(*, until: date) -> Wording:
    """What stands beside a calculation that is not final yet; `until`: the last day of which HMRC has figures."""
    return _DISCLAIMER._replace(text=_DISCLAIMER.text.format(until=until.isoformat()))


def mandate(kind: str) -> Wording:
    """What a landlord agrees to who gives a mandate of this kind."""
    return _MANDATES[kind]


def shown() -> dict[str, Wording]:
    """What is shown before an update is sent and a mandate is given, by what it is for."""
    return {"update": UPDATE, **{f"mandate_{kind}": words for kind, words in _MANDATES.items()}}
