"""`GET /metrics` for Prometheus: requests by route, method and status, latencies, and what a service registers."""

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator


def install_metrics(app: FastAPI) -> CollectorRegistry:
    """Count and time the requests of `app`; return its registry, to which services add their own metrics."""
    registry = CollectorRegistry()
    app.state.metrics = registry
    instrumentator = Instrumentator(
        registry=registry,
        excluded_handlers=["/health", "/ready", "/metrics"],
        should_group_status_codes=False,
        should_ignore_untemplated=True,
    )
    instrumentator.instrument(app)
    instrumentator.expose(app, tags=["service"], summary="Metrics for Prometheus", response_class=PlainTextResponse)
    return registry
