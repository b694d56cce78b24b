"""Who owns the installation of these tests."""

EMAIL = "ada@example.org"
PASSWORD = "plum-harbour-lantern-9"
