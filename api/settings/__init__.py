"""Settings, one file a concern. Everything that differs between machines comes from the environment."""

from api.settings.base import *
from api.settings.edge import *
from api.settings.hmrc import *
from api.settings.operator import *
from api.settings.refresh import *
from api.settings.rest import *
from api.settings.staff import *
from api.settings.streams import *
