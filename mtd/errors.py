"""The faults of this room."""

from http import HTTPStatus

from tenants.faults import Fault, Who


class DeclarationMissing(Fault):
    code = "submission.declaration_missing"
    title = "The declaration was not made"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.CALLER
    user_action = "Show the declaration, and send it with accepted: true once the person has agreed."


class BusinessUnknown(Fault):
    code = "submission.business_unknown"
    title = "HMRC has not listed this business for the landlord"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    who = Who.AGENCY
    user_action = "Read the landlord's businesses (refresh=true) and use a business_id from there."


class Unsettled(Fault):
    code = "landlord.unsettled_submissions"
    title = "Submissions for this landlord are still under way"
    status = HTTPStatus.CONFLICT
    who = Who.AGENCY
    user_action = "Wait until every submission is accepted, rejected, superseded or cancelled."
