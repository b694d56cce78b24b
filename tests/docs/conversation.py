"""The workspace on the pictures: a small company that makes weather stations, a few days before a release."""

from dataclasses import dataclass

WORKSPACE = "Fernhill"
CHANNEL = "firmware"
TOPIC = "Release 2.4 goes out on Thursday"
TODAY = "2026-03-10"
NOW = f"{TODAY}T09:52:00Z"
JOINED = "2025-09-01T08:00:00Z"

# Each with the hue of their avatar; the first one makes the workspace, and it is their screen.
PEOPLE = {"Ada Okafor": 168, "Jonas Weber": 28, "Mei Lin": 265, "Tomás Rivera": 340}
OWNER, *GUESTS = PEOPLE


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `edited` is what it said before its author changed it."""

    channel: str
    by: str
    at: str
    source: str
    edited: str = ""


PRIVATE_CHANNELS = frozenset({"suppliers"})

CONVERSATION = (
    Said("general", "Mei Lin", "2026-03-09T08:58:00Z", "Good morning! Cake in the kitchen, station 200 is on a roof."),
    Said(
        CHANNEL,
        "Mei Lin",
        "2026-03-09T15:20:00Z",
        "The humidity sensor drifts when the case warms up. Up to 4 % by noon.",
    ),
    Said(CHANNEL, "Jonas Weber", "2026-03-09T15:26:00Z", "Same on my roof. I can compensate it in the driver."),
    Said(
        CHANNEL,
        "Jonas Weber",
        "2026-03-10T09:12:00Z",
        "Done, and it is short:\n\n"
        "```python\n"
        "def humidity(raw: float, case_celsius: float) -> float:\n"
        '    """Relative humidity in percent, corrected for the warmth of the case."""\n'
        "    drift = 0.11 * (case_celsius - 25.0)\n"
        "    return min(max(raw - drift, 0.0), 100.0)\n"
        "```",
    ),
    Said(
        CHANNEL,
        "Jonas Weber",
        "2026-03-10T09:13:00Z",
        "It runs on the three stations of the test field since last night.",
    ),
    Said(
        CHANNEL,
        "Tomás Rivera",
        "2026-03-10T09:31:00Z",
        "> Up to 4 % by noon\n\nNow it is **0.3 %** at most. I compared with the reference in the yard.",
        edited="> Up to 4 % by noon\n\nNow it is 0.4 % at most.",
    ),
    Said(
        CHANNEL,
        OWNER,
        "2026-03-10T09:40:00Z",
        "Lovely. What is left before Thursday:\n\n"
        "1. Mei: battery report below `-10 °C`\n"
        "2. Jonas: release notes\n"
        "3. Tomás: one more night on the test field",
    ),
    Said(
        CHANNEL,
        "Mei Lin",
        "2026-03-10T09:47:00Z",
        "The report is nearly there. The sensor's maker has a curve for the cold, too: "
        "https://docs.example.com/hs3/low-temperature",
    ),
    Said(CHANNEL, "Mei Lin", "2026-03-10T09:48:00Z", "I will bring numbers at eleven."),
    Said("design", "Tomás Rivera", "2026-03-10T09:49:00Z", "The new mast holds in 110 km/h of wind."),
    Said("suppliers", "Jonas Weber", "2026-03-10T09:50:00Z", "The cases come a week earlier."),
)

# Written to the owner alone; the first one is a conversation that stays in the sidebar with its count.
DIRECT = (
    Said("Mei Lin", OWNER, "2026-03-10T09:20:00Z", "Could you look at the battery report before I send it?"),
    Said("Mei Lin", "Mei Lin", "2026-03-10T09:44:00Z", "The cold numbers are in now :snowflake:"),
    Said("Jonas Weber", "Jonas Weber", "2026-03-10T09:50:00Z", "Do you have five minutes after lunch?"),
)
"""Here `channel` is whom the owner talks with."""

OTHER_WORKSPACE = "Book club"
WORKSPACES = {WORKSPACE: ("⛅", 200), OTHER_WORKSPACE: ("", 290)}
"""Each with its icon and hue."""
# In the order in which they are made; everybody is in the first one anyway.
CHANNELS = tuple(dict.fromkeys(said.channel for said in CONVERSATION))
