"""How many processors this process may use: the machine's, less what affinity and a container's quota withhold."""

import os
from math import ceil
from pathlib import Path
from typing import Final

_CGROUP_V2: Final = Path("/sys/fs/cgroup/cpu.max")
_CGROUP_V1: Final = Path("/sys/fs/cgroup/cpu")


def usable_cpus(root: Path = Path("/")) -> int:
    """Return at least 1; `root` is where the control groups are looked for."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota(root)
    return max(min(count, ceil(quota)), 1) if quota else count


def _quota(root: Path) -> float | None:
    """Processors' worth of time that the container may use, None without a quota."""
    try:
        quota, period = (root / _CGROUP_V2.relative_to("/")).read_text().split()
    except (OSError, ValueError):
        v1 = root / _CGROUP_V1.relative_to("/")
        try:
            quota = (v1 / "cpu.cfs_quota_us").read_text()
            period = (v1 / "cpu.cfs_period_us").read_text()
        except OSError:
            return None
    try:
        return float(quota) / float(period) if float(quota) > 0 else None
    except ValueError:  # v2 says "max"
        return None
