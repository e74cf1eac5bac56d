"""The settings of core_service, each from `CORE_<NAME>` in the environment or in `.env`."""

from pydantic import Field

from core_service.child import ChildLimits
from core_service.cpus import usable_cpus
from core_service.picture import DecodeLimits
from core_service.presence import Patience
from core_service.workers import PoolLimits
from service_kit.settings import KitSettings, settings_config

_MEBIBYTE = 1024 * 1024


class Settings(KitSettings):
    """How much one image may ask for, and how many are worked on at once."""

    model_config = settings_config("CORE_")

    port: int = Field(default=8001, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    processes: int = Field(
        default=0, ge=0, le=256, description="Decoder processes; 0 is one for each processor that the service may use."
    )
    queue_length: int = Field(
        default=16, ge=0, le=1000, description="Images that may wait while every process works; more are refused (503)."
    )
    max_file_mb: int = Field(default=256, ge=1, le=4096, description="Largest file, in MiB.")
    max_batch_files: int = Field(default=200, ge=1, le=10_000, description="Most files of one batch.")
    max_batch_mb: int = Field(default=4096, ge=1, le=1_048_576, description="Largest batch, in MiB.")
    max_pixels: int = Field(
        default=250_000_000, ge=16, le=2_000_000_000, description="Most pixels of an image, read from its header."
    )
    max_scans: int = Field(default=100, ge=1, le=10_000, description="Most scans of a progressive JPEG.")
    decode_seconds: float = Field(default=30.0, gt=0, le=600, description="Longest that one image may take.")
    decode_memory_mb: int = Field(
        default=2048, ge=128, le=65536, description="Most address space of one decoder process, in MiB."
    )
    tasks_per_process: int = Field(
        default=1000, ge=1, le=1_000_000, description="Images after which a decoder process is replaced."
    )
    fat_process_mb: int = Field(
        default=400, ge=64, le=65536, description="Resident memory from which an idle process is replaced, in MiB."
    )
    upload_stall_seconds: float = Field(
        default=30.0, gt=0, le=600, description="How long a client may send nothing in the middle of an upload."
    )

    upload_seconds: float = Field(
        default=1800.0, gt=0, le=86_400, description="How long a whole upload may take; it holds a place all the while."
    )

    @property
    def patience(self) -> Patience:
        """How long clients are waited for."""
        return Patience(self.upload_stall_seconds, self.upload_seconds)

    @property
    def max_file_bytes(self) -> int:
        """Largest file, in bytes."""
        return self.max_file_mb * _MEBIBYTE

    @property
    def max_body_bytes(self) -> int:
        """Largest request, in bytes: a batch, or one file and what is around it."""
        return max(self.max_batch_mb, self.max_file_mb + 1) * _MEBIBYTE

    @property
    def pool_limits(self) -> PoolLimits:
        """What the decoder processes are told."""
        return PoolLimits(
            processes=self.processes or usable_cpus(),
            tasks_per_process=self.tasks_per_process,
            # A process that keeps half of what it may have could not decode the next large image.
            fat_bytes=min(self.fat_process_mb, self.decode_memory_mb // 2) * _MEBIBYTE,
            child=ChildLimits(
                decode=DecodeLimits(max_pixels=self.max_pixels, max_scans=self.max_scans),
                seconds=self.decode_seconds,
                memory_bytes=self.decode_memory_mb * _MEBIBYTE,
            ),
        )
