"""Generated: a method for each operation of the document."""

from collections.abc import Mapping
from typing import Any

from quarterday_client import types as t
from quarterday_client.sending import Answer, Sender


class Operations(Sender):
    def agencies_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AgencyPage]:
        """Agencies, as an operator sees them: never what is in one."""
        return self.send("GET", f"/api/v1/agencies", params=params, headers=headers)

    def agencies_create(self, body: t.AgencyInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AgencyOut]:
        """Agencies, as an operator sees them: never what is in one."""
        return self.send("POST", f"/api/v1/agencies", body=body, params=params, headers=headers)

    def agencies_retrieve(self, agency_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AgencyOut]:
        """Agencies, as an operator sees them: never what is in one."""
        return self.send("GET", f"/api/v1/agencies/{agency_id}", params=params, headers=headers)

    def agencies_off_boarding(self, agency_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.OffBoardingOut]:
        """The agency leaves, and all it has here is destroyed: planned, followed, called off while that is possible."""
        return self.send("GET", f"/api/v1/agencies/{agency_id}/off-board", params=params, headers=headers)

    def agencies_off_board(self, agency_id: str, body: t.OffBoardInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.OffBoardingOut]:
        """The agency leaves, and all it has here is destroyed: planned, followed, called off while that is possible."""
        return self.send("POST", f"/api/v1/agencies/{agency_id}/off-board", body=body, params=params, headers=headers)

    def agencies_stay(self, agency_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.OffBoardingOut]:
        """The agency leaves, and all it has here is destroyed: planned, followed, called off while that is possible."""
        return self.send("DELETE", f"/api/v1/agencies/{agency_id}/off-board", params=params, headers=headers)

    def agencies_resume(self, agency_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AgencyOut]:
        """Agencies, as an operator sees them: never what is in one."""
        return self.send("POST", f"/api/v1/agencies/{agency_id}/resume", params=params, headers=headers)

    def agencies_suspend(self, agency_id: str, body: t.SuspendInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AgencyOut]:
        """Its API closes and its work waits; nothing is lost."""
        return self.send("POST", f"/api/v1/agencies/{agency_id}/suspend", body=body, params=params, headers=headers)

    def agency_retrieve(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AgencyOut]:
        """The agency's own settings."""
        return self.send("GET", f"/api/v1/agency", params=params, headers=headers)

    def agency_update(self, body: t.PatchedAgencyChangeRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AgencyOut]:
        """The agency's own settings."""
        return self.send("PATCH", f"/api/v1/agency", body=body, params=params, headers=headers)

    def agency_export(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.OperationOut]:
        """Everything of the agency, as a file. For owners."""
        return self.send("POST", f"/api/v1/agency/export", params=params, headers=headers)

    def api_keys_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ApiKeyPage]:
        """Keys of machine clients. A key itself is shown once, when it is made."""
        return self.send("GET", f"/api/v1/api-keys", params=params, headers=headers)

    def api_keys_create(self, body: t.ApiKeyInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.MadeKeyOut]:
        """Keys of machine clients. A key itself is shown once, when it is made."""
        return self.send("POST", f"/api/v1/api-keys", body=body, params=params, headers=headers)

    def api_keys_retrieve(self, key_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ApiKeyOut]:
        """One API key, without its secret. DELETE revokes it at once."""
        return self.send("GET", f"/api/v1/api-keys/{key_id}", params=params, headers=headers)

    def api_keys_revoke(self, key_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """One API key, without its secret. DELETE revokes it at once."""
        return self.send("DELETE", f"/api/v1/api-keys/{key_id}", params=params, headers=headers)

    def audit_events_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AuditEventPage]:
        """Who did what, newest first."""
        return self.send("GET", f"/api/v1/audit-events", params=params, headers=headers)

    def bounces_create(self, body: t.BounceInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.BounceOut]:
        """A mail did not arrive, by the agency's own knowledge or its mail provider's."""
        return self.send("POST", f"/api/v1/bounces", body=body, params=params, headers=headers)

    def calculations_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.CalculationPage]:
        """What HMRC works out from all it holds of a landlord's tax year."""
        return self.send("GET", f"/api/v1/calculations", params=params, headers=headers)

    def calculations_create(self, body: t.CalculationInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.CalculationOut]:
        """What HMRC works out from all it holds of a landlord's tax year."""
        return self.send("POST", f"/api/v1/calculations", body=body, params=params, headers=headers)

    def calculations_retrieve(self, calculation_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.CalculationInFullOut]:
        """One calculation: how far it is, and what HMRC found."""
        return self.send("GET", f"/api/v1/calculations/{calculation_id}", params=params, headers=headers)

    def final_declaration_retrieve(self, calculation_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.WriteOut]:
        """In two steps: an empty POST gives the wording and the digest, a POST with both sends the declaration."""
        return self.send("GET", f"/api/v1/calculations/{calculation_id}/final-declaration", params=params, headers=headers)

    def final_declaration_create(self, calculation_id: str, body: t.FinalDeclarationInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.TermsOut | t.WriteOut]:
        """In two steps: an empty POST gives the wording and the digest, a POST with both sends the declaration."""
        return self.send("POST", f"/api/v1/calculations/{calculation_id}/final-declaration", body=body, params=params, headers=headers)

    def campaigns_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.CampaignPage]:
        """Groups of landlords who are brought to connect, or to connect again, and are followed on the way."""
        return self.send("GET", f"/api/v1/campaigns", params=params, headers=headers)

    def campaigns_create(self, body: t.CampaignInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.CampaignInFullOut]:
        """Groups of landlords who are brought to connect, or to connect again, and are followed on the way."""
        return self.send("POST", f"/api/v1/campaigns", body=body, params=params, headers=headers)

    def campaigns_retrieve(self, campaign_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.CampaignInFullOut]:
        """One campaign with its funnel: how many of its landlords came how far."""
        return self.send("GET", f"/api/v1/campaigns/{campaign_id}", params=params, headers=headers)

    def campaigns_landlords(self, campaign_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.FunnelLandlordPage]:
        """A campaign's landlords, by how far each came and what stands in the way."""
        return self.send("GET", f"/api/v1/campaigns/{campaign_id}/landlords", params=params, headers=headers)

    def config(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ConfigOut]:
        """What a front end needs before anyone has signed in."""
        return self.send("GET", f"/api/v1/config", params=params, headers=headers)

    def connect_sessions_retrieve(self, session_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ConnectSessionOut]:
        """One attempt to connect, and how it ended."""
        return self.send("GET", f"/api/v1/connect-sessions/{session_id}", params=params, headers=headers)

    def connect_sessions_complete(self, session_id: str, body: t.CompleteInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ConnectSessionOut]:
        """Hand in the completion code that HMRC's return brought. Only who began may."""
        return self.send("POST", f"/api/v1/connect-sessions/{session_id}/complete", body=body, params=params, headers=headers)

    def connections_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ConnectionPage]:
        """How landlords' connections to HMRC stand."""
        return self.send("GET", f"/api/v1/connections", params=params, headers=headers)

    def deadlines_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.DeadlinePage]:
        """Open obligations of all landlords: first what is queued and does not go in time, then soonest due first."""
        return self.send("GET", f"/api/v1/deadlines", params=params, headers=headers)

    def deadlines_summary(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.DeadlineSummaryOut]:
        """How many obligations wait on whom, by due date."""
        return self.send("GET", f"/api/v1/deadlines/summary", params=params, headers=headers)

    def deliveries_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.DeliveryPage]:
        """What was sent, newest first: kept for 30 days after it was delivered or given up."""
        return self.send("GET", f"/api/v1/deliveries", params=params, headers=headers)

    def deliveries_retrieve(self, delivery_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.DeliveryOut]:
        """One delivery with its attempts."""
        return self.send("GET", f"/api/v1/deliveries/{delivery_id}", params=params, headers=headers)

    def deliveries_retry(self, delivery_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.DeliveryOut]:
        """Now, and if need be for another three days."""
        return self.send("POST", f"/api/v1/deliveries/{delivery_id}/retry", params=params, headers=headers)

    def errors_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ErrorPage]:
        """Every code, who must act, and what they should do."""
        return self.send("GET", f"/api/v1/errors", params=params, headers=headers)

    def events_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.EventPage]:
        """What happened, oldest first: poll with the cursor of the last page."""
        return self.send("GET", f"/api/v1/events", params=params, headers=headers)

    def exports_retrieve(self, export_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ExportOut]:
        """One export: whether its file is ready, how large it is, and until when it is kept."""
        return self.send("GET", f"/api/v1/exports/{export_id}", params=params, headers=headers)

    def exports_file(self, export_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[str]:
        """A zip of JSON lines, a file a table, and manifest.json."""
        return self.send("GET", f"/api/v1/exports/{export_id}/file", params=params, headers=headers)

    def fraud_contexts_create(self, body: t.FraudContextInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.FraudContextOut]:
        """Keep what a person's device says of itself, for what that person is about to ask of HMRC."""
        return self.send("POST", f"/api/v1/fraud-contexts", body=body, params=params, headers=headers)

    def fraud_contexts_schema(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[str]:
        """The JSON Schema of what is posted."""
        return self.send("GET", f"/api/v1/fraud-contexts/schema.json", params=params, headers=headers)

    def fraud_contexts_snippet(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[str]:
        """A script without dependencies: `quarterdayFraudContext()` gives what a browser can say of itself."""
        return self.send("GET", f"/api/v1/fraud-contexts/snippet.js", params=params, headers=headers)

    def funnel(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.FunnelOut]:
        """How far all landlords of the agency have come."""
        return self.send("GET", f"/api/v1/funnel", params=params, headers=headers)

    def funnel_landlords(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.FunnelLandlordPage]:
        """The agency's landlords, by how far each came and what stands in the way."""
        return self.send("GET", f"/api/v1/funnel/landlords", params=params, headers=headers)

    def invitations_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.InvitationPage]:
        """Links by which landlords connect: mailed, or for you to send."""
        return self.send("GET", f"/api/v1/invitations", params=params, headers=headers)

    def invitations_create(self, body: t.InvitationInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.InvitedOut]:
        """Links by which landlords connect: mailed, or for you to send."""
        return self.send("POST", f"/api/v1/invitations", body=body, params=params, headers=headers)

    def invitations_retrieve(self, invitation_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.InvitationOut]:
        """One invitation. DELETE revokes its link."""
        return self.send("GET", f"/api/v1/invitations/{invitation_id}", params=params, headers=headers)

    def invitations_revoke(self, invitation_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """One invitation. DELETE revokes its link."""
        return self.send("DELETE", f"/api/v1/invitations/{invitation_id}", params=params, headers=headers)

    def invitations_resend(self, invitation_id: str, body: t.ResendInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.InvitedOut]:
        """Another link for the same invitation, which lives as long again; earlier ones go on working."""
        return self.send("POST", f"/api/v1/invitations/{invitation_id}/resend", body=body, params=params, headers=headers)

    def invitations_bulk_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.InvitationBatchPage]:
        """Invitations of many landlords at once."""
        return self.send("GET", f"/api/v1/invitations/bulk", params=params, headers=headers)

    def invitations_bulk_create(self, body: t.BulkInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.InvitationBatchOut]:
        """Invitations of many landlords at once."""
        return self.send("POST", f"/api/v1/invitations/bulk", body=body, params=params, headers=headers)

    def invitations_bulk_retrieve(self, bulk_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.InvitationBatchOut]:
        """How far a batch of invitations is. DELETE calls off those that were not made."""
        return self.send("GET", f"/api/v1/invitations/bulk/{bulk_id}", params=params, headers=headers)

    def invitations_bulk_cancel(self, bulk_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.InvitationBatchOut]:
        """How far a batch of invitations is. DELETE calls off those that were not made."""
        return self.send("DELETE", f"/api/v1/invitations/bulk/{bulk_id}", params=params, headers=headers)

    def invitations_bulk_links(self, bulk_id: str, body: t.LinksInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LinksOut]:
        """Links for the agency to send itself: made when they are asked for, shown once."""
        return self.send("POST", f"/api/v1/invitations/bulk/{bulk_id}/links", body=body, params=params, headers=headers)

    def invitations_bulk_rows(self, bulk_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.InvitationRowPage]:
        """What became of each landlord of a batch of invitations."""
        return self.send("GET", f"/api/v1/invitations/bulk/{bulk_id}/rows", params=params, headers=headers)

    def landlord_imports_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordImportPage]:
        """Landlords from a file (CSV, XLSX) or from JSON. Taken in part: each faulty row says why."""
        return self.send("GET", f"/api/v1/landlord-imports", params=params, headers=headers)

    def landlord_imports_create(self, body: t.LandlordImportInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordImportOut]:
        """Landlords from a file (CSV, XLSX) or from JSON. Taken in part: each faulty row says why."""
        return self.send("POST", f"/api/v1/landlord-imports", body=body, params=params, headers=headers)

    def landlord_imports_retrieve(self, import_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordImportOut]:
        """How far an import is. PATCH corrects which column is what; DELETE calls it off."""
        return self.send("GET", f"/api/v1/landlord-imports/{import_id}", params=params, headers=headers)

    def landlord_imports_correct(self, import_id: str, body: t.PatchedLandlordImportChangeRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordImportOut]:
        """How far an import is. PATCH corrects which column is what; DELETE calls it off."""
        return self.send("PATCH", f"/api/v1/landlord-imports/{import_id}", body=body, params=params, headers=headers)

    def landlord_imports_cancel(self, import_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordImportOut]:
        """How far an import is. PATCH corrects which column is what; DELETE calls it off."""
        return self.send("DELETE", f"/api/v1/landlord-imports/{import_id}", params=params, headers=headers)

    def landlord_imports_result(self, import_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[str]:
        """The same as a file."""
        return self.send("GET", f"/api/v1/landlord-imports/{import_id}/result", params=params, headers=headers)

    def landlord_imports_rows(self, import_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ImportRowPage]:
        """What became of each row of an import."""
        return self.send("GET", f"/api/v1/landlord-imports/{import_id}/rows", params=params, headers=headers)

    def landlord_sessions_create(self, body: t.LandlordSessionInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordSessionOut]:
        """A landlord pressed Start: the invitation becomes a short session."""
        return self.send("POST", f"/api/v1/landlord-sessions", body=body, params=params, headers=headers)

    def landlord_sessions_code(self, body: t.CodeRequestInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AskedOut]:
        """Six digits by mail, for a landlord who came back from HMRC without the session that they went with."""
        return self.send("POST", f"/api/v1/landlord-sessions/code", body=body, params=params, headers=headers)

    def landlord_sessions_link(self, body: t.LinkRequestInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AskedOut]:
        """A fresh link by mail, if a landlord of the agency has this address."""
        return self.send("POST", f"/api/v1/landlord-sessions/link", body=body, params=params, headers=headers)

    def landlord_sessions_resume(self, body: t.CodeInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordSessionOut]:
        """The digits become a session of the landlord, who goes on where they were."""
        return self.send("POST", f"/api/v1/landlord-sessions/resume", body=body, params=params, headers=headers)

    def landlords_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordPage]:
        """The agency's landlords."""
        return self.send("GET", f"/api/v1/landlords", params=params, headers=headers)

    def landlords_create(self, body: t.LandlordInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordOut]:
        """The agency's landlords."""
        return self.send("POST", f"/api/v1/landlords", body=body, params=params, headers=headers)

    def landlords_retrieve(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordOut]:
        """One landlord. DELETE archives and disconnects."""
        return self.send("GET", f"/api/v1/landlords/{landlord_id}", params=params, headers=headers)

    def landlords_update(self, landlord_id: str, body: t.PatchedLandlordInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordOut]:
        """One landlord. DELETE archives and disconnects."""
        return self.send("PATCH", f"/api/v1/landlords/{landlord_id}", body=body, params=params, headers=headers)

    def landlords_archive(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """One landlord. DELETE archives and disconnects."""
        return self.send("DELETE", f"/api/v1/landlords/{landlord_id}", params=params, headers=headers)

    def businesses_list(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.Businesses | t.OperationOut]:
        """What HMRC says of a landlord, from what is stored; 202 where it must be fetched first."""
        return self.send("GET", f"/api/v1/landlords/{landlord_id}/businesses", params=params, headers=headers)

    def annual_submission_retrieve(self, landlord_id: str, business_id: str, tax_year: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.AnnualSubmissionOut | t.OperationOut]:
        """A business's adjustments and allowances of a year. PUT replaces all of them at HMRC."""
        return self.send("GET", f"/api/v1/landlords/{landlord_id}/businesses/{business_id}/annual-submissions/{tax_year}", params=params, headers=headers)

    def annual_submission_replace(self, landlord_id: str, business_id: str, tax_year: str, body: t.AnnualSubmissionInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.WriteOut]:
        """A business's adjustments and allowances of a year. PUT replaces all of them at HMRC."""
        return self.send("PUT", f"/api/v1/landlords/{landlord_id}/businesses/{business_id}/annual-submissions/{tax_year}", body=body, params=params, headers=headers)

    def quarterly_type_retrieve(self, landlord_id: str, business_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.QuarterlyTypeOut | t.OperationOut]:
        """Which quarters a business reports in, standard or calendar; PUT chooses for a tax year."""
        return self.send("GET", f"/api/v1/landlords/{landlord_id}/businesses/{business_id}/quarterly-type", params=params, headers=headers)

    def quarterly_type_choose(self, landlord_id: str, business_id: str, body: t.QuarterlyTypeInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.WriteOut]:
        """Which quarters a business reports in, standard or calendar; PUT chooses for a tax year."""
        return self.send("PUT", f"/api/v1/landlords/{landlord_id}/businesses/{business_id}/quarterly-type", body=body, params=params, headers=headers)

    def connection_retrieve(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ConnectionOut]:
        """How one landlord's connection to HMRC stands, and what must be done. DELETE disconnects."""
        return self.send("GET", f"/api/v1/landlords/{landlord_id}/connection", params=params, headers=headers)

    def connection_disconnect(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """How one landlord's connection to HMRC stands, and what must be done. DELETE disconnects."""
        return self.send("DELETE", f"/api/v1/landlords/{landlord_id}/connection", params=params, headers=headers)

    def connection_authorize(self, landlord_id: str, body: t.AuthorizeInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.BegunOut]:
        """Begin to connect: where to send the browser."""
        return self.send("POST", f"/api/v1/landlords/{landlord_id}/connection/authorize", body=body, params=params, headers=headers)

    def connection_check(self, landlord_id: str, body: t.CheckInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.OperationOut]:
        """Ask HMRC again whether it lets us act for this landlord, with a corrected NINO if one is given."""
        return self.send("POST", f"/api/v1/landlords/{landlord_id}/connection/check", body=body, params=params, headers=headers)

    def connection_nino_retrieve(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.NinoClaimOut]:
        """A number that the landlord typed and that waits for staff."""
        return self.send("GET", f"/api/v1/landlords/{landlord_id}/connection/nino", params=params, headers=headers)

    def connection_nino_confirm(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ConnectionOut]:
        """It is the landlord's: it goes on file, and HMRC is asked once more. Follow the connection."""
        return self.send("POST", f"/api/v1/landlords/{landlord_id}/connection/nino/confirm", params=params, headers=headers)

    def connection_nino_refuse(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ConnectionOut]:
        """It is somebody else's: their permission is wiped."""
        return self.send("POST", f"/api/v1/landlords/{landlord_id}/connection/nino/refuse", params=params, headers=headers)

    def connection_refresh(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.OperationOut]:
        """Ask for a fresh access token now. It is done unasked whenever one is needed."""
        return self.send("POST", f"/api/v1/landlords/{landlord_id}/connection/refresh", params=params, headers=headers)

    def landlords_erase(self, landlord_id: str, body: t.EraseInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ErasedOut]:
        """One landlord erased. There is no way back."""
        return self.send("POST", f"/api/v1/landlords/{landlord_id}/erase", body=body, params=params, headers=headers)

    def landlords_export(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.OperationOut]:
        """All there is of one landlord, NINO in full, as a file."""
        return self.send("POST", f"/api/v1/landlords/{landlord_id}/export", params=params, headers=headers)

    def mail_stop_retrieve(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.MailStopOut]:
        """Whether the landlord is mailed by us."""
        return self.send("GET", f"/api/v1/landlords/{landlord_id}/mail-stop", params=params, headers=headers)

    def mail_stop_put(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.MailStopOut]:
        """Whether the landlord is mailed by us."""
        return self.send("PUT", f"/api/v1/landlords/{landlord_id}/mail-stop", params=params, headers=headers)

    def mail_stop_lift(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """Whether the landlord is mailed by us."""
        return self.send("DELETE", f"/api/v1/landlords/{landlord_id}/mail-stop", params=params, headers=headers)

    def mandates_list(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.MandatesOut]:
        """What a landlord has allowed the agency: recorded by staff, or given by the landlord."""
        return self.send("GET", f"/api/v1/landlords/{landlord_id}/mandates", params=params, headers=headers)

    def mandates_create(self, landlord_id: str, body: t.MandateRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.MandateOut]:
        """What a landlord has allowed the agency: recorded by staff, or given by the landlord."""
        return self.send("POST", f"/api/v1/landlords/{landlord_id}/mandates", body=body, params=params, headers=headers)

    def mandates_revoke(self, landlord_id: str, mandate_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """Revoke a landlord's mandate: nothing more is filed under it."""
        return self.send("DELETE", f"/api/v1/landlords/{landlord_id}/mandates/{mandate_id}", params=params, headers=headers)

    def landlords_merge(self, landlord_id: str, body: t.MergeInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.LandlordOut]:
        """Two records of one person become one."""
        return self.send("POST", f"/api/v1/landlords/{landlord_id}/merge", body=body, params=params, headers=headers)

    def obligations_list(self, landlord_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.Obligations | t.OperationOut]:
        """What HMRC says of a landlord, from what is stored; 202 where it must be fetched first."""
        return self.send("GET", f"/api/v1/landlords/{landlord_id}/obligations", params=params, headers=headers)

    def landlords_reveal_nino(self, landlord_id: str, body: t.RevealInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.RevealedOut]:
        """The NINO in full; audited."""
        return self.send("POST", f"/api/v1/landlords/{landlord_id}/reveal-nino", body=body, params=params, headers=headers)

    def itsa_status_retrieve(self, landlord_id: str, tax_year: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.ItsaStatuses | t.OperationOut]:
        """Whether HMRC wants quarterly updates of the landlord in a tax year."""
        return self.send("GET", f"/api/v1/landlords/{landlord_id}/tax-years/{tax_year}/status", params=params, headers=headers)

    def mail_opt_outs_create(self, body: t.OptOutInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """A landlord wants no more mails from us."""
        return self.send("POST", f"/api/v1/mail-opt-outs", body=body, params=params, headers=headers)

    def mail_opt_outs_one_click(self, token: str, body: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """The same by a mail program, which asks its reader once (RFC 8058). Nothing is shown, and nothing by GET."""
        return self.send("POST", f"/api/v1/mail-opt-outs/{token}", body=body, params=params, headers=headers)

    def mail_settings_retrieve(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.MailSettingsOut]:
        """How mails to landlords look, and when they are reminded."""
        return self.send("GET", f"/api/v1/mail-settings", params=params, headers=headers)

    def mail_settings_change(self, body: t.PatchedMailSettingsChangeRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.MailSettingsOut]:
        """How mails to landlords look, and when they are reminded."""
        return self.send("PATCH", f"/api/v1/mail-settings", body=body, params=params, headers=headers)

    def me(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.MeOut]:
        """Who the credential says you are."""
        return self.send("GET", f"/api/v1/me", params=params, headers=headers)

    def operations_retrieve(self, operation_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.OperationOut]:
        """Long work that somebody asked for, and how far it is."""
        return self.send("GET", f"/api/v1/operations/{operation_id}", params=params, headers=headers)

    def operations_events(self, operation_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[str | None]:
        """An operation as it changes. `events_url` leads to the process that tells it for long."""
        return self.send("GET", f"/api/v1/operations/{operation_id}/events", params=params, headers=headers)

    def properties_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.PropertyPage]:
        """What is let, and whose it is."""
        return self.send("GET", f"/api/v1/properties", params=params, headers=headers)

    def properties_create(self, body: t.PropertyInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.PropertyOut]:
        """What is let, and whose it is."""
        return self.send("POST", f"/api/v1/properties", body=body, params=params, headers=headers)

    def properties_retrieve(self, property_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.PropertyOut]:
        """One property with its owners and their shares. DELETE archives."""
        return self.send("GET", f"/api/v1/properties/{property_id}", params=params, headers=headers)

    def properties_update(self, property_id: str, body: t.PatchedPropertyInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.PropertyOut]:
        """One property with its owners and their shares. DELETE archives."""
        return self.send("PATCH", f"/api/v1/properties/{property_id}", body=body, params=params, headers=headers)

    def properties_archive(self, property_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """One property with its owners and their shares. DELETE archives."""
        return self.send("DELETE", f"/api/v1/properties/{property_id}", params=params, headers=headers)

    def queue(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.QueueOut]:
        """HMRC's budget, what waits for it, and HMRC's health."""
        return self.send("GET", f"/api/v1/queue", params=params, headers=headers)

    def sandbox_act(self, connection_id: str, body: t.SandboxActionInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.SandboxActionOut]:
        """Let happen to a connection what a landlord, HMRC or the network could do. For test keys, never in production."""
        return self.send("POST", f"/api/v1/sandbox/connections/{connection_id}/actions", body=body, params=params, headers=headers)

    def staff_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.StaffPage]:
        """Who works for the agency. Whoever is added is mailed a link to choose a password."""
        return self.send("GET", f"/api/v1/staff", params=params, headers=headers)

    def staff_invite(self, body: t.StaffInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.StaffOut]:
        """Who works for the agency. Whoever is added is mailed a link to choose a password."""
        return self.send("POST", f"/api/v1/staff", body=body, params=params, headers=headers)

    def staff_retrieve(self, user_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.StaffOut]:
        """One member of staff: the role, or the end of the access."""
        return self.send("GET", f"/api/v1/staff/{user_id}", params=params, headers=headers)

    def staff_change_role(self, user_id: str, body: t.PatchedStaffChangeRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.StaffOut]:
        """One member of staff: the role, or the end of the access."""
        return self.send("PATCH", f"/api/v1/staff/{user_id}", body=body, params=params, headers=headers)

    def staff_deactivate(self, user_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """One member of staff: the role, or the end of the access."""
        return self.send("DELETE", f"/api/v1/staff/{user_id}", params=params, headers=headers)

    def start_page(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.StartPageOut]:
        """What the agency's start page tells before anybody presses Start."""
        return self.send("GET", f"/api/v1/start-page", params=params, headers=headers)

    def submission_batches_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.BatchPage]:
        """Many submissions at once, as JSON or CSV. Taken in part: each faulty row says why."""
        return self.send("GET", f"/api/v1/submission-batches", params=params, headers=headers)

    def submission_batches_create(self, body: t.BatchInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.BatchInFullOut]:
        """Many submissions at once, as JSON or CSV. Taken in part: each faulty row says why."""
        return self.send("POST", f"/api/v1/submission-batches", body=body, params=params, headers=headers)

    def submission_batches_retrieve(self, batch_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.BatchInFullOut]:
        """How far a batch is. DELETE calls off what has not been sent."""
        return self.send("GET", f"/api/v1/submission-batches/{batch_id}", params=params, headers=headers)

    def submission_batches_cancel(self, batch_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.BatchInFullOut]:
        """How far a batch is. DELETE calls off what has not been sent."""
        return self.send("DELETE", f"/api/v1/submission-batches/{batch_id}", params=params, headers=headers)

    def submission_batches_pause(self, batch_id: str, body: t.PauseInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.BatchInFullOut]:
        """Let a batch's rows that have not been sent stand still."""
        return self.send("POST", f"/api/v1/submission-batches/{batch_id}/pause", body=body, params=params, headers=headers)

    def submission_batches_resume(self, batch_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.BatchInFullOut]:
        """Let a paused batch go on."""
        return self.send("POST", f"/api/v1/submission-batches/{batch_id}/resume", params=params, headers=headers)

    def submission_batches_rows(self, batch_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.BatchRowPage]:
        """What became of each row of a batch."""
        return self.send("GET", f"/api/v1/submission-batches/{batch_id}/rows", params=params, headers=headers)

    def submissions_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.SubmissionPage]:
        """Staff and machines see all of the agency's; landlords their own."""
        return self.send("GET", f"/api/v1/submissions", params=params, headers=headers)

    def submissions_create(self, body: t.SubmissionInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.SubmissionOut]:
        """Staff and machines see all of the agency's; landlords their own."""
        return self.send("POST", f"/api/v1/submissions", body=body, params=params, headers=headers)

    def submissions_retrieve(self, submission_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.SubmissionOut]:
        """One submission: what was asked, how far it is, and what HMRC said."""
        return self.send("GET", f"/api/v1/submissions/{submission_id}", params=params, headers=headers)

    def submissions_approval_link(self, submission_id: str, body: t.ApprovalLinkInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.InvitedOut]:
        """A link with which the landlord sees the figures and approves or declines them."""
        return self.send("POST", f"/api/v1/submissions/{submission_id}/approval-link", body=body, params=params, headers=headers)

    def submissions_approve(self, submission_id: str, body: t.ApprovalInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.SubmissionOut]:
        """The landlord has seen these figures, and they may go."""
        return self.send("POST", f"/api/v1/submissions/{submission_id}/approve", body=body, params=params, headers=headers)

    def submissions_decline(self, submission_id: str, body: t.DeclineInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.SubmissionOut]:
        """The landlord has seen these figures, and they may not go."""
        return self.send("POST", f"/api/v1/submissions/{submission_id}/decline", body=body, params=params, headers=headers)

    def submissions_evidence(self, submission_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.EvidenceOut]:
        """What was sent to HMRC for a submission, when, by whom, and what HMRC answered."""
        return self.send("GET", f"/api/v1/submissions/{submission_id}/evidence", params=params, headers=headers)

    def webhook_endpoints_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.EndpointPage]:
        """Where the agency hears what happened. A secret is shown once, when it is made."""
        return self.send("GET", f"/api/v1/webhook-endpoints", params=params, headers=headers)

    def webhook_endpoints_create(self, body: t.EndpointInRequest, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.EndpointWithSecretOut]:
        """Where the agency hears what happened. A secret is shown once, when it is made."""
        return self.send("POST", f"/api/v1/webhook-endpoints", body=body, params=params, headers=headers)

    def webhook_endpoints_retrieve(self, endpoint_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.EndpointOut]:
        """One endpoint, without its secret."""
        return self.send("GET", f"/api/v1/webhook-endpoints/{endpoint_id}", params=params, headers=headers)

    def webhook_endpoints_update(self, endpoint_id: str, body: t.PatchedEndpointChangeRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.EndpointOut]:
        """One endpoint, without its secret."""
        return self.send("PATCH", f"/api/v1/webhook-endpoints/{endpoint_id}", body=body, params=params, headers=headers)

    def webhook_endpoints_delete(self, endpoint_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[None]:
        """One endpoint, without its secret."""
        return self.send("DELETE", f"/api/v1/webhook-endpoints/{endpoint_id}", params=params, headers=headers)

    def webhook_endpoints_replay(self, endpoint_id: str, body: t.ReplayInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.EndpointOut]:
        """One event once more, or everything since a time."""
        return self.send("POST", f"/api/v1/webhook-endpoints/{endpoint_id}/replay", body=body, params=params, headers=headers)

    def webhook_endpoints_rotate_secret(self, endpoint_id: str, body: t.RotateInRequest | None = None, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.EndpointWithSecretOut]:
        """A new secret; for a while the old one signs as well."""
        return self.send("POST", f"/api/v1/webhook-endpoints/{endpoint_id}/rotate-secret", body=body, params=params, headers=headers)

    def webhook_endpoints_test(self, endpoint_id: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.DeliveryOut]:
        """An event of the type webhook_endpoint.test, to this endpoint alone, tried once."""
        return self.send("POST", f"/api/v1/webhook-endpoints/{endpoint_id}/test", params=params, headers=headers)

    def wordings_list(self, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer[t.WordingsOut]:
        """The words to show before an update is sent or a mandate is given, in their current version."""
        return self.send("GET", f"/api/v1/wordings", params=params, headers=headers)
