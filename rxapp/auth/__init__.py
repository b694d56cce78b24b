"""Who is asking: sessions, passwords, registration."""
