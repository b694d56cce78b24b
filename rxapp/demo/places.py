"""The channels of the company, and who talks in them about what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A channel. `share` is its part of all that is said; `subjects` name lists of scenes; empty `people` are all."""

    name: str
    topic: str
    purpose: str
    share: float
    subjects: tuple[str, ...]
    people: tuple[int, ...] = ()
    private: bool = False


PLACES = (
    Place(
        "general", "Release 2.4 goes out on Thursday", "What everybody should know.", 0.10, ("company", "small-talk")
    ),
    Place("random", "Cake in the kitchen", "Everything that is not work.", 0.13, ("small-talk", "lunch")),
    Place(
        "firmware",
        "2.4 freeze on Tuesday",
        "The software on the stations.",
        0.16,
        ("firmware", "review"),
        (0, 1, 2, 4, 14, 15, 19),
    ),
    Place(
        "hardware",
        "Case 3: order by Friday",
        "Boards, sensors and cases.",
        0.10,
        ("hardware", "review"),
        (0, 1, 2, 12, 15, 18),
    ),
    Place(
        "web",
        "New map is behind a flag",
        "The site, the app and the API.",
        0.13,
        ("web", "review"),
        (0, 4, 6, 8, 9, 14),
    ),
    Place("support", "Mondays: triage at 10", "Questions of customers.", 0.15, ("support",), (1, 3, 4, 5, 12, 13, 14)),
    Place("sales", "Q-end in three weeks", "Leads, offers and orders.", 0.06, ("sales",), (3, 4, 7, 11, 13, 16)),
    Place("design", "Type scale: comments welcome", "How things look and read.", 0.06, ("design",), (4, 8, 9, 16)),
    Place("forecast", "Models and their errors", "Data, models and maps.", 0.05, ("forecast",), (2, 6, 10, 14)),
    Place("lunch", "", "Who eats where.", 0.03, ("lunch",)),
    Place(
        "hiring",
        "Two offers out",
        "Candidates. What is said here stays here.",
        0.02,
        ("hiring",),
        (0, 4, 17),
        private=True,
    ),
    Place(
        "suppliers", "Prices are confidential", "Quotes and contracts.", 0.01, ("hardware",), (2, 11, 18), private=True
    ),
)
