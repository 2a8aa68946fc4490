"""Whether this process is about to stop: then nothing new is claimed, and what is under way is finished."""

from threading import Event

_stopping = Event()
begin = _stopping.set
has_begun = _stopping.is_set
