"""What operators see of a running Confab: health, metrics and the log."""
