"""Where operations are watched (docs/streams.md)."""

from api.settings import env

# The port at which front ends reach the streaming process, at the host by which they reach the API. Without one, what
# stands in front of both leads there by the path.
STREAMS_PORT = env.port("STREAMS_PORT")
# How many may be open: in this process, for one API key, and for one person.
STREAMS_MOST = env.number("STREAMS_MOST", 2000)
STREAMS_PER_KEY = env.number("STREAMS_PER_KEY", 1000)
STREAMS_PER_PERSON = env.number("STREAMS_PER_PERSON", 20)
