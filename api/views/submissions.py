from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, hear, own
from api.inputs import SubmissionIn
from api.outputs import SubmissionOut
from api.pages import page
from mtd import submissions
from mtd.models import Submission, SubmissionStatus
from people.scopes import Scope
from tenants import clock


class Submissions(View):
    """Staff and machines see all of the agency's; landlords their own."""

    scopes = {"GET": Scope.SUBMISSIONS_READ, "POST": Scope.SUBMISSIONS_WRITE}
    key_required = True
    landlord_may = True

    @extend_schema(
        operation_id="submissions_list", parameters=lists.SUBMISSION_FILTERS, responses=lists.paged(SubmissionOut)
    )
    def get(self, request: Request) -> Response:
        return Response(page(request, _asked(request), by=["created_at", "id"], shape=lists.shape(SubmissionOut)))

    @extend_schema(operation_id="submissions_create", request=SubmissionIn, responses={202: SubmissionOut})
    def post(self, request: Request) -> Response:
        given, faults = hear(SubmissionIn, request)
        if faults:
            submissions.refuse(given, faults, now=clock.now())
        wanted = submissions.Wanted(**{"mandate": None, "fraud_context_id": None, **given})
        submission = submissions.accept(by=caller(request), wanted=wanted, now=clock.now())
        return Response(
            SubmissionOut(submission).data,
            status=202,
            headers={"Location": f"/api/v1/operations/{submission.pk}"},
        )


class SubmissionView(View):
    """One submission: what was asked, how far it is, and what HMRC said."""

    scopes = {"GET": Scope.SUBMISSIONS_READ}
    landlord_may = True

    @extend_schema(operation_id="submissions_retrieve", responses=SubmissionOut)
    def get(self, request: Request, submission_id: UUID) -> Response:
        submission = submissions.get(submission_id=submission_id)
        own(request, submission.landlord_id)
        return Response(SubmissionOut(submission).data)


def _asked(request: Request) -> QuerySet[Submission]:
    rows = Submission.objects.all()
    landlord_id = caller(request).landlord_id
    if landlord_id is not None:
        rows = rows.filter(landlord_id=landlord_id)
    if "landlord_id" in request.query_params:
        rows = rows.filter(landlord_id=lists.uuid(request.query_params["landlord_id"], "landlord_id"))
    if "status" in request.query_params:
        rows = rows.filter(status=lists.choice(request.query_params["status"], SubmissionStatus.values, "status"))
    return rows
