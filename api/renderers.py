from rest_framework import renderers


class JSONRenderer(renderers.JSONRenderer):
    """Takes every Accept for JSON: an API of one media type has nothing to negotiate."""

    charset = None
