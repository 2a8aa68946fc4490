from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import View, own
from api.outputs import EvidenceOut
from mtd import evidence
from people.scopes import Scope


class SubmissionEvidence(View):
    """What was sent to HMRC for a submission, when, by whom, and what HMRC answered."""

    scopes = {"GET": Scope.SUBMISSIONS_READ}
    landlord_may = True

    @extend_schema(operation_id="submissions_evidence", responses=EvidenceOut)
    def get(self, request: Request, submission_id: UUID) -> Response:
        found = evidence.get(submission_id=submission_id)
        own(request, found.submission.landlord_id)
        return Response(EvidenceOut(found).data)
