"""The HTTP side of POST /oauth/token."""

from flask import Response, request

from sandbox.hmrc.clock import Clock
from sandbox.hmrc.edge import TOKEN, Edge, Pause, reply
from sandbox.hmrc.oauth.token import TokenCall, TokenServer


def serve_token(*, server: TokenServer, edge: Edge, clock: Clock) -> Response:
    """Answer the current request through the gateway."""

    def work(pause: Pause) -> Response:
        form = {name: request.form.getlist(name) for name in request.form}
        return reply(*server.answer(TokenCall(form=form, now=clock.now(), pause=pause)))

    # The body is read before the form, so that the record can show it too.
    request.get_data(cache=True, parse_form_data=False)
    return edge.serve(TOKEN, work)
