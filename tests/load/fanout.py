"""Messages only: everybody looks at one channel, ten people speak, and each copy is timed and counted."""

import asyncio
import json
import sys
import time
from array import array
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from rxapp.auth.sessions import COOKIE_NAME
from tests.load.crowd import SETTLE_SECONDS
from tests.load.figures import Figures, in_ms, percentile, summary_of
from tests.load.galleries import Galleries
from tests.load.installation import Installation
from tests.load.machine import per_thousand
from tests.load.marks import Volley, new_base
from tests.load.outcome import Outcome, Strain, StrainGauge
from tests.load.page import read_page
from tests.load.plan import Plan
from tests.load.posts import Posts
from tests.load.tab import BUSY, Scene
from tests.load.town import Town, found_town

SENDERS = 10
WARM_UP_RATE, WARM_UP_SECONDS = 5.0, 1.0
# How long the last copies may take; without a single one for the second time they are lost, not late.
DRAIN_SECONDS, QUIET_SECONDS = 30.0, 6.0
POLL_SECONDS = 0.05
LEAD_SECONDS = 0.1
KIB = 1024
MICROSECONDS = 1_000_000
LISTED_ERRORS = 5

Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """Members who sit in one channel, and the server that they are connected to."""

    installation: Installation
    galleries: Galleries
    town: Town
    tabs: int
    memory_kb_per_tab: float


async def seat(plan: Plan, installation: Installation, galleries: Galleries) -> Audience:
    """Found a town, and have all its people come into its channel and only read from then on."""
    town = await asyncio.to_thread(found_town, installation.database_url, plan)
    scene = Scene(installation.url, town, await read_page(installation.url, town), plan, Figures())
    empty_mib = installation.memory_mib()
    began = time.perf_counter()
    with installation.profiled():
        arrival = await galleries.come(scene)
    if arrival.errors:
        raise RuntimeError(f"expected all members to come in: {dict(arrival.errors.most_common(LISTED_ERRORS))}")
    say(f"{plan.tabs} members came in within {time.perf_counter() - began:.1f} s")
    full_mib = installation.memory_mib()
    await asyncio.sleep(SETTLE_SECONDS)
    await galleries.all("sit")
    audience = Audience(installation, galleries, town, plan.tabs, round((full_mib - empty_mib) * KIB / plan.tabs, 1))
    await fan_out(audience, rate=WARM_UP_RATE, seconds=WARM_UP_SECONDS, is_profiled=False)
    return audience


async def fan_out(audience: Audience, *, rate: float, seconds: float, is_profiled: bool = True) -> Report:
    """Send at a rate for a while, wait for all copies, and say how they came."""
    galleries, installation = audience.galleries, audience.installation
    volley = Volley(new_base(), max(int(rate * seconds), 1), time.perf_counter() + LEAD_SECONDS, rate)
    answered, errors = array("d"), Counter[str]()
    posts = Posts(installation.address, answered.append, errors)
    requests = [post_request(installation.url, audience.town, volley, number) for number in range(volley.count)]
    # Making them took a while.
    volley = Volley(volley.base, volley.count, time.perf_counter() + LEAD_SECONDS, rate)
    await galleries.all("aim", volley)
    gauge, cpu = StrainGauge(), installation.read_cpu()
    with installation.profiled() if is_profiled else nullcontext():
        await _shoot(posts, requests, volley)
        await posts.settled()
        await _wait_for(galleries, volley.count * audience.tabs)
    used, ended = installation.read_cpu().since(cpu), time.perf_counter()
    outcome = await galleries.count()
    sender = gauge.stop()
    outcome.errors += errors
    posts.close()
    wall = ended - volley.began + LEAD_SECONDS
    return {
        "members": audience.tabs,
        "rate": rate,
        "seconds": seconds,
        "sent": volley.count,
        **_deliveries(outcome, volley),
        "send": summary_of(answered),
        "cpu_s": used,
        "cores": {name: round(value / wall, 3) for name, value in used.items()},
        "cpu_s_per_1000": per_thousand(used, len(outcome.late)),
        "memory_kb_per_tab": audience.memory_kb_per_tab,
        **_generator(outcome.strains, sender, len(outcome.late)),
        "other_cores": round(used["others"] / wall, 3),
        "errors": sum(outcome.errors.values()),
        "error_kinds": dict(outcome.errors.most_common(LISTED_ERRORS)),
        "server_complaints": len(installation.complaints()),
    }


def say(line: str) -> None:
    """Tell whoever watches how far it is; the report has standard output to itself."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


async def _shoot(posts: Posts, requests: list[bytes], volley: Volley) -> None:
    for number, request in enumerate(requests):
        if (wait := volley.due(number) - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        posts.post(request, volley.due(number))


async def _wait_for(galleries: Galleries, wanted: int) -> None:
    ends, got, changed = time.perf_counter() + DRAIN_SECONDS, -1, time.perf_counter()
    while (now := time.perf_counter()) < ends and now - changed < QUIET_SECONDS:
        found = await galleries.got()
        if found >= wanted:
            return
        if found != got:
            got, changed = found, now
        await asyncio.sleep(POLL_SECONDS)


def post_request(url: str, town: Town, volley: Volley, number: int) -> bytes:
    """The whole HTTP request that sends a message of a volley, as the page makes it; ten people take turns."""
    sender = town.people[number % min(SENDERS, len(town.people))]
    body = json.dumps({"client_key": str(uuid4()), "source": volley.text(number)}).encode()
    head = (
        f"POST /api/channels/{town.channels[BUSY]}/messages HTTP/1.1\r\nHost: {url.partition('//')[2]}\r\n"
        f"Origin: {url}\r\nCookie: {COOKIE_NAME}={sender.token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _deliveries(outcome: Outcome, volley: Volley) -> Report:
    ordered = sorted(outcome.late)
    span = outcome.last_at - volley.began
    return {
        "delivered": len(ordered),
        "lost": outcome.lost,
        "duplicated": outcome.duplicated,
        **{f"p{share}_ms": in_ms(percentile(ordered, share)) for share in (50, 95, 99)},
        "max_ms": in_ms(ordered[-1] if ordered else None),
        "deliveries_per_s": round(len(ordered) / span, 1) if span > 0 else 0.0,
    }


def _generator(readers: list[Strain], sender: Strain, delivered: int) -> Report:
    """What the tool itself took; when it is bound, the figures are its own limits and not the server's."""
    everybody = [*readers, sender]
    reading = sum(strain.cpu for strain in readers)
    return {
        "generator_bound": any(strain.is_bound for strain in everybody),
        "generator_cores": [round(strain.cores, 3) for strain in everybody],
        "generator_lag_p99_ms": [in_ms(strain.lag) for strain in everybody],
        "generator_us_per_delivery": round(reading * MICROSECONDS / delivered, 2) if delivered else None,
    }
