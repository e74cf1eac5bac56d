"""What both services do alike: problems, request ids, logging, health, metrics. It knows nothing of photos."""
