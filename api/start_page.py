"""What a landlord needs before they press Start: the same for everybody, so that no name and no number is shown to
whoever opens a forwarded link, and nothing of the link is asked.
"""

from typing import Any

MINUTES, LASTS_MONTHS = 5, 18

NEEDS: list[dict[str, str]] = [
    {
        "code": "hmrc_account",
        "title": "Your HMRC sign-in",
        "text": "For your own, personal HMRC account: Government Gateway or GOV.UK One Login. A business or an agent "
        "account does not work. Have your phone with you.",
        "url": "https://www.gov.uk/log-in-register-hmrc-online-services",
    },
    {
        "code": "mtd_enrolment",
        "title": "Enrolment for Making Tax Digital for Income Tax",
        "text": "Sign up on GOV.UK before you begin; nobody can do it here for you.",
        "url": "https://www.gov.uk/guidance/sign-up-for-making-tax-digital-for-income-tax",
    },
    {
        "code": "nino",
        "title": "Your National Insurance number",
        "text": "Two letters, six digits and a letter: on your payslip, P60, or letters about tax and benefits.",
        "url": "https://www.gov.uk/lost-national-insurance-number",
    },
]


def page(agency: str) -> dict[str, Any]:
    """What the agency's start page shows."""
    return {"agency": agency, "minutes": MINUTES, "lasts_months": LASTS_MONTHS, "needs": NEEDS}
