"""HMRC's redirect. Calls nobody, logs no query, and sends the browser on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from api import problems
from hmrc_oauth.callback import NowhereToGo, Return, land
from tenants import clock

_LONGEST = 2000


def _said(request: HttpRequest, name: str) -> str:
    return "".join(letter for letter in request.GET.get(name, "")[:_LONGEST] if letter.isprintable())


@problems.only("GET")  # not even HEAD: whoever looks ahead must not use up the landlord's return
def callback(request: HttpRequest) -> HttpResponse:
    """The one redirect URI of all agencies. A page is shown only when there is nowhere to send the person back to."""
    given = Return(*(_said(request, name) for name in ("state", "code", "error", "error_code")))
    try:
        onward = land(given=given, now=clock.now())
    except NowhereToGo:
        answer = render(request, "callback_lost.html", status=400)
    else:
        answer = HttpResponse(status=303, headers={"Location": onward})
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return answer
