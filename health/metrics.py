"""What a web process counts of itself: requests by their route, sockets and frames. Never a path, never a person."""

from time import perf_counter

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.process_collector import ProcessCollector

disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REQUESTS = Counter(
    "hearth_http_requests",
    "Requests that were answered, by method, name of the route and class of the status.",
    ("method", "route", "status"),
    registry=REGISTRY,
)
SECONDS = Histogram(
    "hearth_http_request_duration_seconds",
    "Seconds until the answer to a request began, by name of the route.",
    ("route",),
    buckets=BUCKETS,
    registry=REGISTRY,
)
SOCKETS = Gauge("hearth_sockets_open", "Sockets of tabs that are open in this process.", registry=REGISTRY)
FRAMES = Counter("hearth_socket_frames_sent", "Frames that this process has sent to tabs.", registry=REGISTRY)
ProcessCollector(namespace="hearth", registry=REGISTRY)


def route_of(request: HttpRequest) -> str:
    """Return a request's route by name: there are as many as doors, whatever is asked for."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or "unnamed"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def _count(request: HttpRequest, response: HttpResponseBase, began: float) -> HttpResponseBase:
    method = request.method if request.method in METHODS else "other"
    route = route_of(request)
    REQUESTS.labels(method, route, f"{response.status_code // 100}xx").inc()
    SECONDS.labels(route).observe(perf_counter() - began)
    return response


@sync_and_async_middleware
def counted(get_response):  # type: ignore[no-untyped-def]
    """Count every request that Django answers."""
    if iscoroutinefunction(get_response):

        async def amiddleware(request: HttpRequest) -> HttpResponseBase:
            began = perf_counter()
            return _count(request, await get_response(request), began)

        return amiddleware

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        return _count(request, get_response(request), began)

    return middleware
