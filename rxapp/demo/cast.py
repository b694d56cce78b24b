"""Who works at the company of the demo."""

from dataclasses import dataclass

COMPANY = "Fernhill"
"""It makes weather stations."""


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody at the company. `talks` is how much they say, 1 is the mean."""

    name: str
    title: str
    pronouns: str
    time_zone: str
    hue: int
    talks: float


CAST = (
    Character("Ada Okafor", "Head of engineering", "she/her", "Europe/London", 168, 1.6),
    Character("Jonas Weber", "Firmware engineer", "he/him", "Europe/Berlin", 28, 1.5),
    Character("Mei Lin", "Hardware engineer", "she/her", "Asia/Singapore", 265, 1.4),
    Character("Tomás Rivera", "Support lead", "he/him", "America/Mexico_City", 340, 1.7),
    Character("Noor Haddad", "Product manager", "she/her", "Europe/Paris", 200, 1.5),
    Character("Sam Whitfield", "Operations", "they/them", "Europe/London", 95, 1.1),
    Character("Priya Raman", "Data scientist", "she/her", "Asia/Kolkata", 310, 1.2),
    Character("Lukas Holm", "Sales", "he/him", "Europe/Stockholm", 50, 1.0),
    Character("Zoë Lindqvist", "Designer", "she/her", "Europe/Stockholm", 285, 1.2),
    Character("Kofi Mensah", "Web developer", "he/him", "Africa/Accra", 15, 1.3),
    Character("Yuki Tanaka 🌦", "Meteorologist", "", "Asia/Tokyo", 220, 0.9),
    Character("Olivia Brandt", "Finance", "she/her", "Europe/Berlin", 140, 0.5),
    Character("Mateo Silva", "Field technician", "he/him", "America/Sao_Paulo", 75, 0.8),
    Character("Aoife Byrne", "Customer success", "she/her", "Europe/Dublin", 120, 1.1),
    Character("Dmitri Volkov", "Backend developer", "he/him", "Europe/Warsaw", 240, 1.2),
    Character("Hana Novák", "Test engineer", "she/her", "Europe/Prague", 185, 1.0),
    Character("Elias Grant", "Marketing", "he/him", "America/New_York", 355, 0.9),
    Character("Fatima Zahra El Amrani", "People and hiring", "she/her", "Africa/Casablanca", 300, 0.7),
    Character("Bram de Vries", "Mechanical engineer", "he/him", "Europe/Amsterdam", 35, 0.8),
    Character("Ines Duarte", "Intern, firmware", "she/her", "Europe/Lisbon", 155, 0.6),
)
