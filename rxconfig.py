"""What Reflex has to know. Port, state manager and the rest are set by `rxapp.serve` from Confab's own settings."""

import reflex as rx

TOKENS = ("ground", "side", "raised", "hover", "selected", "line", "ink", "ink-soft", "ink-faint", "accent", "notice")

config = rx.Config(
    app_name="rxapp",
    show_built_with_reflex=False,
    # The guard before the socket decides; the API takes writes from our own page only.
    cors_allowed_origins=[],
    telemetry_enabled=False,
    # Nothing here is for search engines.
    disable_plugins=[rx.plugins.SitemapPlugin],
    # Utilities speak of assets/tokens.css and of no colour of their own.
    plugins=[
        rx.plugins.TailwindV4Plugin({"theme": {"extend": {"colors": {token: f"var(--{token})" for token in TOKENS}}}})
    ],
)
