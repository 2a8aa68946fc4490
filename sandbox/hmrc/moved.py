"""Where endpoints have moved to: everything is served under this prefix as well."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOVED = "/moved"


class Moved:
    """A mount: to what is inside, the prefix is the script's name and not part of the path."""

    def __init__(self, inside: "WSGIApplication") -> None:
        self._inside = inside

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(f"{MOVED}/"):
            environ = environ | {"SCRIPT_NAME": MOVED, "PATH_INFO": path.removeprefix(MOVED)}
        return self._inside(environ, start_response)
