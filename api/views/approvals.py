from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import caller
from api.base import View, own, read
from api.inputs import ApprovalIn, ApprovalLinkIn, DeclineIn
from api.outputs import InvitationOut, InvitedOut, SubmissionOut
from mtd import approvals, submissions
from mtd.models import Submission
from people.scopes import Scope
from tenants import clock


class Approve(View):
    """The landlord has seen these figures, and they may go."""

    scopes = {"POST": Scope.DECLARATIONS_WRITE}
    landlord_may = True

    @extend_schema(operation_id="submissions_approve", request=ApprovalIn, responses={202: SubmissionOut})
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission, given = _own(request, submission_id), read(ApprovalIn, request)
        approved = approvals.approve(
            by=caller(request),
            submission=submission,
            digest=given["digest"],
            fraud_context_id=given.get("fraud_context_id"),
            now=clock.now(),
        )
        location = f"/api/v1/operations/{submission.pk}"
        return Response(SubmissionOut(approved).data, status=202, headers={"Location": location})


class Decline(View):
    """The landlord has seen these figures, and they may not go."""

    scopes = {"POST": Scope.DECLARATIONS_WRITE}
    landlord_may = True

    @extend_schema(operation_id="submissions_decline", request=DeclineIn, responses=SubmissionOut)
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission, given = _own(request, submission_id), read(DeclineIn, request)
        declined = approvals.decline(by=caller(request), submission=submission, now=clock.now(), **given)
        return Response(SubmissionOut(declined).data)


class ApprovalLink(View):
    """A link with which the landlord sees the figures and approves or declines them."""

    scopes = {"POST": Scope.SUBMISSIONS_WRITE}

    @extend_schema(operation_id="submissions_approval_link", request=ApprovalLinkIn, responses={201: InvitedOut})
    def post(self, request: Request, submission_id: UUID) -> Response:
        submission, given = submissions.get(submission_id=submission_id), read(ApprovalLinkIn, request)
        made = approvals.invite(
            by=caller(request),
            submission=submission,
            by_mail=given["deliver"] == "mail",
            now=clock.now(),
        )
        paper = {"qr_svg": "", "letter_html": ""}  # an approval goes by no letter and to no branch
        said = {**InvitationOut(made.invitation).data, "invitation_token": made.token, "url": made.url, **paper}
        return Response(said, status=201, headers={"Location": f"/api/v1/invitations/{made.invitation.pk}"})


def _own(request: Request, submission_id: UUID) -> Submission:
    submission = submissions.get(submission_id=submission_id)
    own(request, submission.landlord_id)
    return submission
