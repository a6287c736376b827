"""What Daphne serves: HTTP by Django, one socket per tab by Channels."""

import gc
import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("HEARTH_ROLE", "web")
http = get_asgi_application()

from django.conf import settings  # noqa: E402 - only once the apps are ready

from chat.routing import websocket_urlpatterns  # noqa: E402
from config.arrivals import count_arrivals  # noqa: E402
from config.backlog import limit  # noqa: E402
from config.bodies import bound_bodies  # noqa: E402
from config.closing import say_why  # noqa: E402
from config.pace import keep_pace  # noqa: E402
from config.proxies import Proxies, TrueClient  # noqa: E402
from config.schema import at_start  # noqa: E402
from config.unfinished import bound_waiting  # noqa: E402
from config.upgraded import forget_handshakes  # noqa: E402
from health.probes import Probes  # noqa: E402
from retention.gate import no_sockets  # noqa: E402

at_start()
bound_waiting()
bound_bodies()
count_arrivals()
say_why()
limit()
keep_pace()
forget_handshakes()

routes = ProtocolTypeRouter(
    {
        "http": http,
        # Full origins: AllowedHostsOriginValidator would let another port or scheme of the same host in.
        "websocket": OriginValidator(no_sockets(URLRouter(websocket_urlpatterns)), settings.ORIGINS),
    }
)
application = Probes(TrueClient(routes, Proxies(tuple(settings.PROXIES))))

# What is loaded stays for good: no collection in the midst of a page walks all of it again.
gc.collect()
gc.freeze()
