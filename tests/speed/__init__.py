"""How fast the page feels, measured in Chromium."""
