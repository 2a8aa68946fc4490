"""The HTTP side of POST /oauth/token."""

from flask import Response, request

from sandbox.hmrc.clock import Clock
from sandbox.hmrc.edge import Edge
from sandbox.hmrc.kinds import TOKEN
from sandbox.hmrc.oauth.token import TokenCall, TokenServer
from sandbox.hmrc.replies import reply
from sandbox.hmrc.trouble import Pause


def serve_token(*, server: TokenServer, edge: Edge, clock: Clock) -> Response:
    """Answer the current request through the gateway."""

    def work(pause: Pause) -> Response:
        form = {name: request.form.getlist(name) for name in request.form}
        return reply(*server.answer(TokenCall(form=form, now=clock.now(), pause=pause)))

    # The body is read before the form, so that the record can show it too.
    request.get_data(cache=True, parse_form_data=False)
    secret = request.form.get("refresh_token") or request.form.get("code", "")
    return edge.serve(TOKEN, work, nino=server.grants.nino_behind(secret))
