"""What the operator can watch: decodes by format and outcome, time by stage, images at work, processes replaced."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class DecodeMetrics:
    """The metrics of the decoder processes; each is registered once a service."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them all."""
        self.images = Counter(
            "core_images", "Images by format and outcome (`ok` or a problem's slug).", ["format", "outcome"],
            registry=registry,
        )  # fmt: skip
        self.stages = Histogram(
            "core_stage_seconds", "Time of each step of one image.", ["stage"], buckets=_SECONDS, registry=registry
        )
        self.restarts = Counter(
            "core_worker_restarts", "Decoder processes replaced, by reason.", ["reason"], registry=registry
        )
        self.waiting = Gauge("core_images_waiting", "Images that wait for a decoder process.", registry=registry)
        self.at_work = Gauge(
            "core_images_at_work", "Images being received, waiting or being decoded.", registry=registry
        )

    def watch_slots(self, in_use: Callable[[], int]) -> None:
        """Ask for the number of images at work whenever the metrics are read."""
        self.at_work.set_function(in_use)
