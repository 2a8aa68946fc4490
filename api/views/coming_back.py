"""Landlords without a session: what they need, a fresh link, a code, and no more mails. Nobody is told who is known."""

from datetime import timedelta

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import edge, problems, start_page
from api.base import View, read
from api.inputs_onboarding import CodeIn, CodeRequestIn, LinkRequestIn, OptOutIn
from api.outputs import LandlordSessionOut
from api.outputs.onboarding import AskedOut, StartPageOut
from api.uploads import FORM, FieldsParser, UrlencodedParser
from api.views.invitations import begun
from hmrc_oauth import resuming
from landlords import codes, opting_out, sign_in
from landlords.errors import WrongCode
from people import limits
from tenants import clock
from tenants.context import current_agency
from tenants.faults import FieldFault, Invalid

_HOUR = timedelta(hours=1)
_OF_AN_ADDRESS, _OF_A_HOST = 3, 30  # in an hour


class StartPage(View):
    """What the agency's start page tells before anybody presses Start."""

    scopes = {"GET": None}
    authentication_classes = ()

    @extend_schema(operation_id="start_page", responses=StartPageOut)
    def get(self, request: Request) -> Response:
        return Response(StartPageOut(start_page.page(current_agency().name)).data)


class SignInLink(View):
    """A fresh link by mail, if a landlord of the agency has this address."""

    scopes = {"POST": None}
    authentication_classes = ()

    @extend_schema(operation_id="landlord_sessions_link", request=LinkRequestIn, responses={202: AskedOut})
    def post(self, request: Request) -> Response:
        address = read(LinkRequestIn, request)["email"]
        _slow_down(request, "link", address.lower(), most=_OF_AN_ADDRESS)
        sign_in.ask(address=address, now=clock.now())
        return _asked()


class SignInCode(View):
    """Six digits by mail, for a landlord who came back from HMRC without the session that they went with."""

    scopes = {"POST": None}
    authentication_classes = ()

    @extend_schema(operation_id="landlord_sessions_code", request=CodeRequestIn, responses={202: AskedOut})
    def post(self, request: Request) -> Response:
        session_id = read(CodeRequestIn, request)["connect_session"]
        _slow_down(request, "code", str(session_id), most=_OF_AN_ADDRESS)
        resuming.ask_code(session_id=session_id, now=clock.now())
        return _asked()


class Resume(View):
    """The digits become a session of the landlord, who goes on where they were."""

    scopes = {"POST": None}
    authentication_classes = ()

    @extend_schema(operation_id="landlord_sessions_resume", request=CodeIn, responses={201: LandlordSessionOut})
    def post(self, request: Request) -> Response:
        given = read(CodeIn, request)
        _slow_down(request, "resume", str(given["connect_session"]), most=_OF_A_HOST)
        started = codes.redeem(connect_session_id=given["connect_session"], code=given["code"], now=clock.now())
        if started is None:  # answered, not raised: the try that was counted must stay counted
            return problems.respond(request._request, WrongCode())  # type: ignore[return-value] # noqa: SLF001
        return begun(started)


class OptOuts(View):
    """A landlord wants no more mails from us."""

    scopes = {"POST": None}
    needs_agency = False
    authentication_classes = ()

    @extend_schema(operation_id="mail_opt_outs_create", request=OptOutIn, responses={204: None})
    def post(self, request: Request) -> Response:
        opting_out.opt_out(now=clock.now(), **read(OptOutIn, request))
        return Response(status=204)


class OneClick(View):
    """The same by a mail program, which asks its reader once (RFC 8058). Nothing is shown, and nothing by GET."""

    scopes = {"POST": None}
    needs_agency = False
    authentication_classes = ()
    parser_classes = [UrlencodedParser, FieldsParser]

    @extend_schema(
        operation_id="mail_opt_outs_one_click",
        request={UrlencodedParser.media_type: OpenApiTypes.OBJECT, FORM: OpenApiTypes.OBJECT},
        responses={204: None},
    )
    def post(self, request: Request, token: str) -> Response:
        if dict(request.data) != _ONE_CLICK:
            raise Invalid(errors=[FieldFault("/List-Unsubscribe", "invalid", "Only One-Click is taken, and no more.")])
        opting_out.opt_out_by_click(token=token, now=clock.now())
        return Response(status=204)


# What a mail program sends, by RFC 8058.
_ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def _slow_down(request: Request, what: str, of: str, *, most: int) -> None:
    """Raises SlowDown: whether what is asked for exists is not looked at before."""
    here: edge.Client = request._request.edge  # type: ignore[attr-defined] # noqa: SLF001
    limits.spend(f"{what}.host", here.ip or "unknown", most=_OF_A_HOST, per=_HOUR, now=clock.now())
    limits.spend(what, of, most=most, per=_HOUR, now=clock.now())


def _asked() -> Response:
    return Response(AskedOut({"status": "asked"}).data, status=202)
