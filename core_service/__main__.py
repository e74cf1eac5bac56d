"""`python -m core_service`: runs the service with the settings of its environment."""

from core_service.app import create_app
from core_service.settings import Settings
from service_kit.logging import configure_logging
from service_kit.serve import serve
from service_kit.settings import read_settings


def main() -> None:
    """Listen until told to stop."""
    settings = read_settings(Settings)
    configure_logging("core", settings.log_level, settings.log_format)
    serve(create_app(settings), settings, name="core_service", port_setting="CORE_PORT")


if __name__ == "__main__":
    main()
