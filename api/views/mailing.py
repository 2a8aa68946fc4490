"""What is mailed to landlords, how it looks, and to whom it does not go."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import caller
from api.base import View, read
from api.inputs_onboarding import BounceIn, MailSettingsChange
from api.outputs.onboarding import BounceOut, MailSettingsOut, MailStopOut
from landlords import mail_settings, records, stops
from landlords.models import MailSettings
from people.scopes import Scope
from tenants import clock


class MailSettingsView(View):
    """How mails to landlords look, and when they are reminded."""

    scopes = {"GET": Scope.AGENCY_READ, "PATCH": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="mail_settings_retrieve", responses=MailSettingsOut)
    def get(self, request: Request) -> Response:
        return Response(MailSettingsOut(MailSettings.current()).data)

    @extend_schema(operation_id="mail_settings_change", request=MailSettingsChange, responses=MailSettingsOut)
    def patch(self, request: Request) -> Response:
        given = read(MailSettingsChange, request, partial=True)
        return Response(MailSettingsOut(mail_settings.change(by=caller(request), given=given, now=clock.now())).data)


class MailStopView(View):
    """Whether the landlord is mailed by us."""

    scopes = {"GET": Scope.LANDLORDS_READ, "PUT": Scope.LANDLORDS_WRITE, "DELETE": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="mail_stop_retrieve", responses=MailStopOut)
    def get(self, request: Request, landlord_id: UUID) -> Response:
        reason = stops.why_not(records.get(landlord_id=landlord_id))
        return Response(MailStopOut({"reason": reason or None}).data)

    @extend_schema(operation_id="mail_stop_put", request=None, responses=MailStopOut)
    def put(self, request: Request, landlord_id: UUID) -> Response:
        stops.put(by=caller(request), landlord_id=landlord_id, now=clock.now())
        return self.get(request, landlord_id)

    @extend_schema(operation_id="mail_stop_lift", responses={204: None})
    def delete(self, request: Request, landlord_id: UUID) -> Response:
        stops.lift(by=caller(request), landlord_id=landlord_id, now=clock.now())
        return Response(status=204)


class Bounces(View):
    """A mail did not arrive, by the agency's own knowledge or its mail provider's."""

    scopes = {"POST": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="bounces_create", request=BounceIn, responses=BounceOut)
    def post(self, request: Request) -> Response:
        given = read(BounceIn, request)
        count = stops.report(by=caller(request), address=given["email"], kind=given["kind"], now=clock.now())
        return Response(BounceOut({"landlords": count}).data)
