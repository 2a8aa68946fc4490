"""Every route on one screen."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerView

from api.views import (
    agency,
    approvals,
    batches,
    businesses,
    calculations,
    callback,
    connections,
    deadlines,
    events,
    evidence,
    fraud,
    health,
    invitations,
    keys,
    landlords,
    mandates,
    meta,
    operations,
    properties,
    readings,
    submissions,
)

handler400 = "api.problems.bad_request"
handler404 = "api.problems.not_found"
handler500 = "api.problems.server_error"

_document = SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[])
_docs = SpectacularSwaggerView.as_view(url="/openapi.json", authentication_classes=[], permission_classes=[])
_landlord = "landlords/<uuid:landlord_id>"
_business = f"{_landlord}/businesses/<str:business_id>"

_v1 = [
    path("config", meta.Config.as_view()),
    path("me", meta.Me.as_view()),
    path("errors", meta.Errors.as_view()),
    path("wordings", mandates.Wordings.as_view()),
    path("queue", meta.Queue.as_view()),
    path("landlords", landlords.Landlords.as_view()),
    path(_landlord, landlords.LandlordView.as_view()),
    path(f"{_landlord}/reveal-nino", landlords.RevealNino.as_view()),
    path(f"{_landlord}/merge", landlords.Merge.as_view()),
    path(f"{_landlord}/connection", connections.ConnectionView.as_view()),
    path(f"{_landlord}/connection/authorize", connections.Authorize.as_view()),
    path(f"{_landlord}/connection/refresh", connections.Refresh.as_view()),
    path(f"{_landlord}/connection/check", connections.Check.as_view()),
    path(f"{_landlord}/businesses", readings.Businesses.as_view()),
    path(f"{_landlord}/obligations", readings.Obligations.as_view()),
    path(f"{_landlord}/mandates", mandates.Mandates.as_view()),
    path(f"{_landlord}/mandates/<uuid:mandate_id>", mandates.MandateView.as_view()),
    path(f"{_landlord}/tax-years/<str:tax_year>/status", readings.Status.as_view()),
    path(f"{_business}/quarterly-type", businesses.QuarterlyTypeView.as_view()),
    path(f"{_business}/annual-submissions/<str:tax_year>", businesses.AnnualSubmissionView.as_view()),
    path("calculations", calculations.Calculations.as_view()),
    path("calculations/<uuid:calculation_id>", calculations.CalculationView.as_view()),
    path("calculations/<uuid:calculation_id>/final-declaration", calculations.FinalDeclaration.as_view()),
    path("properties", properties.Properties.as_view()),
    path("properties/<uuid:property_id>", properties.PropertyView.as_view()),
    path("invitations", invitations.Invitations.as_view()),
    path("invitations/<uuid:invitation_id>", invitations.InvitationView.as_view()),
    path("landlord-sessions", invitations.LandlordSessions.as_view()),
    path("connect-sessions/<uuid:session_id>", connections.ConnectSessionView.as_view()),
    path("connect-sessions/<uuid:session_id>/complete", connections.Complete.as_view()),
    path("connections", connections.Connections.as_view()),
    path("fraud-contexts", fraud.FraudContexts.as_view()),
    path("fraud-contexts/schema.json", fraud.FraudContextSchema.as_view()),
    path("fraud-contexts/snippet.js", fraud.Snippet.as_view()),
    path("submissions", submissions.Submissions.as_view()),
    path("submissions/<uuid:submission_id>", submissions.SubmissionView.as_view()),
    path("submissions/<uuid:submission_id>/approve", approvals.Approve.as_view()),
    path("submissions/<uuid:submission_id>/decline", approvals.Decline.as_view()),
    path("submissions/<uuid:submission_id>/approval-link", approvals.ApprovalLink.as_view()),
    path("submissions/<uuid:submission_id>/evidence", evidence.SubmissionEvidence.as_view()),
    path("deadlines", deadlines.Deadlines.as_view()),
    path("deadlines/summary", deadlines.DeadlineSummary.as_view()),
    path("submission-batches", batches.Batches.as_view()),
    path("submission-batches/<uuid:batch_id>", batches.BatchView.as_view()),
    path("submission-batches/<uuid:batch_id>/rows", batches.Rows.as_view()),
    path("submission-batches/<uuid:batch_id>/pause", batches.Pause.as_view()),
    path("submission-batches/<uuid:batch_id>/resume", batches.Resume.as_view()),
    path("operations/<uuid:operation_id>", operations.OperationView.as_view()),
    path("events", events.Events.as_view()),
    path("audit-events", events.AuditEvents.as_view()),
    path("api-keys", keys.ApiKeys.as_view()),
    path("api-keys/<uuid:key_id>", keys.ApiKeyView.as_view()),
    path("staff", agency.Staff.as_view()),
    path("staff/<uuid:user_id>", agency.StaffMember.as_view()),
    path("agency", agency.AgencyView.as_view()),
    path("agencies", agency.Agencies.as_view()),
    path("openapi.json", _document),
    path("docs/", _docs),
]

urlpatterns = [
    path("api/v1/", include(_v1)),
    path("_allauth/", include("allauth.headless.urls")),
    path("hmrc/callback", callback.callback),
    path("openapi.json", _document, name="openapi"),
    path("docs/", _docs),
    path("healthz", health.alive),
    path("readyz", health.ready),
]
