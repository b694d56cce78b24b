"""What Reflex has to know. Port, state manager and the rest are set by `rxapp.serve` from Confab's own settings."""

import reflex as rx

config = rx.Config(
    app_name="rxapp",
    telemetry_enabled=False,
    # Nothing here is for search engines.
    disable_plugins=[rx.plugins.SitemapPlugin],
    plugins=[rx.plugins.TailwindV4Plugin()],
)
