"""The faults of this room."""

from http import HTTPStatus

from hmrc_door.errors import told
from tenants.faults import Fault, Who


class DeclarationMissing(Fault):
    code = "submission.declaration_missing"
    title = "The declaration was not made"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.CALLER
    user_action = "Show the declaration, and send it with accepted: true once the person has agreed."


class WholeBusinessNotDeclared(Fault):
    code = "submission.whole_business_not_declared"
    title = "It was not stated that the figures cover the whole UK property business"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.AGENCY
    user_action = (
        "HMRC holds one figure for each property business, and an update replaces it whole. Add the income and "
        "expenses of every property of the landlord, whoever lets it, and send covers_whole_business: true."
    )


class MandateMissing(Fault):
    code = "mandate.missing"
    title = "The landlord has not given the agency leave to file"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.AGENCY
    user_action = "Record the landlord's mandate, or let the landlord give it by a link; or send mandate with this."


class MandateRevoked(Fault):
    code = "mandate.revoked"
    title = "The landlord's leave to file was taken back"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.LANDLORD
    user_action = (
        "Nothing is filed without a mandate. If the landlord has given a new one since, record it with given_at."
    )


class ApprovalNotAwaited(Fault):
    code = "approval.not_awaited"
    title = "This submission does not wait for the landlord's approval"
    status = HTTPStatus.CONFLICT
    user_action = "See its status: it may have been approved, declined, superseded or cancelled meanwhile."


class ApprovalOfOthers(Fault):
    code = "approval.other_digest"
    title = "What was approved is not what would be sent"
    status = HTTPStatus.CONFLICT
    user_action = "Show the submission's figures again, and send the digest that comes with them."


class LandlordsOnly(Fault):
    code = "approval.landlord_only"
    title = "Only the landlord can approve or decline"
    status = HTTPStatus.FORBIDDEN
    who = Who.LANDLORD
    user_action = "Send the landlord a link to the submission (POST approval-link)."


class Declined(Fault):
    """Never an answer of its own: why a submission is cancelled."""

    code = "approval.declined"
    title = "The landlord did not approve these figures"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Ask the landlord what is wrong, and submit the right figures."


class BusinessUnknown(Fault):
    code = "submission.business_unknown"
    title = "HMRC has not listed this business for the landlord"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.AGENCY
    user_action = "Read the landlord's businesses (refresh=true) and use a business_id from there."


class WouldOverwrite(Fault):
    """Never an answer of its own: why a submission is stopped."""

    code = "submission.would_overwrite"
    title = "HMRC holds figures for this business and tax year that were not sent from here"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Compare figures with hmrc_holds. To replace HMRC's, submit again with replaces: hmrc_holds.digest."


class OutcomeUnreadable(Fault):
    """Never an answer of its own: why a submission is stopped."""

    code = "submission.outcome_unreadable"
    title = "The answer was lost, and HMRC does not let us read what it holds"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "See hmrc.code for HMRC's reason and mend it; then submit the figures again."


class Altered(Fault):
    """Never an answer of its own: why a submission is stopped."""

    code = "submission.altered"
    title = "The stored figures are not those that were approved"
    status = HTTPStatus.CONFLICT
    who = Who.OPERATOR
    user_action = "Nothing was sent. Tell Quarterday's operator, and submit the figures again."


class BatchCancelled(Fault):
    code = "batch.cancelled"
    title = "The batch was cancelled"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Send a new batch with the rows that are still wanted."


class Unsettled(Fault):
    code = "landlord.unsettled_submissions"
    title = "Submissions for this landlord are still under way"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Wait until every submission is accepted, rejected, superseded or cancelled."


class CalculationUnderWay(Fault):
    code = "landlord.calculation_under_way"
    title = "HMRC calculates something for this landlord just now"
    status = HTTPStatus.CONFLICT
    retryable = True
    user_action = "Wait until the calculation is ready, or has failed."


class TaxYearNotEnded(Fault):
    code = "hmrc.tax_year_not_ended"
    title, who, user_action = told(code)
    status = HTTPStatus.CONFLICT


class AmendmentWindowClosed(Fault):
    code = "hmrc.amendment_window_closed"
    title, who, user_action = told(code)
    status = HTTPStatus.CONFLICT


class QuarterlyTypeLocked(Fault):
    code = "hmrc.quarterly_type_locked"
    title, who, user_action = told(code)
    status = HTTPStatus.CONFLICT


class NotDeclarable(Fault):
    code = "calculation.not_declarable"
    title = "This calculation can't be declared"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = (
        "Ask for a calculation of type intent-to-finalise (intent-to-amend, once the year is final), wait until it is "
        "ready, and mend what its messages say is wrong."
    )


class OtherDigest(Fault):
    code = "calculation.other_digest"
    title = "What was approved is not what would be declared"
    status = HTTPStatus.CONFLICT
    user_action = (
        "Show the calculation and the wording again, and send the digest and text_version that came with them."
    )
