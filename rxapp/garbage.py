"""Collections of garbage stop every tab: a server makes them rare and short."""

import gc

# New objects until the youngest are looked through, and how many of those rounds until the older ones are. Reference
# counting frees nearly everything at once; what is left over, cycles, may wait.
YOUNG_OBJECTS = 10_000
MIDDLE_ROUNDS = 10
FULL_ROUNDS = 50


def spare_what_stays() -> None:
    """Take what is loaded now, which never becomes garbage, out of all later collections.

    With 500 tabs a full collection took 250 ms, several times a minute: measured in docs/performance.md.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, MIDDLE_ROUNDS, FULL_ROUNDS)
