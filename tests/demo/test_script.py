"""The conversations of the demo: whole, in order, in time, and the same for the same seed."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from rxapp.demo.cast import CAST
from rxapp.demo.places import PLACES
from rxapp.demo.scenes import scenes
from rxapp.demo.script import Utterance, utterances
from rxapp.demo.words import WORDS
from rxapp.services.text import check_message, check_name, check_topic

END = datetime(2026, 3, 10, 12, tzinfo=UTC)
BEGIN = END - timedelta(weeks=6)


def said(seed: int = 1, count: int = 500) -> list[Utterance]:
    talks = [1.0, 2.0, 0.5, 1.0]
    return list(
        utterances(Random(seed), subjects=["firmware", "lunch"], talks=talks, count=count, begin=BEGIN, end=END)
    )


@pytest.mark.parametrize("count", [1, 2, 3, 500])
def test_as_many_are_said_as_asked_for_in_the_order_of_their_times(count: int) -> None:
    utterances = said(count=count)
    assert len(utterances) == count
    times = [one.at for one in utterances]
    assert times == sorted(times)
    assert BEGIN <= times[0] <= times[-1] <= END


def test_the_same_seed_says_the_same_and_another_something_else() -> None:
    assert said(seed=3) == said(seed=3) != said(seed=4)


def test_they_talk_until_the_end_and_mostly_on_working_days() -> None:
    utterances = said(count=3000)
    assert utterances[-1].at > END - timedelta(days=3)
    weekend = sum(one.at.weekday() >= 5 for one in utterances)
    assert 0 < weekend < len(utterances) / 10


def test_who_talks_more_says_more() -> None:
    spoken = Counter(one.speaker for one in said(count=3000))
    assert spoken[1] > spoken[0] > spoken[2]


def test_no_gap_stays_open_and_every_word_is_used() -> None:
    sources = [one.source for one in said(count=3000)]
    assert not [source for source in sources if re.search(r"\{[a-z]+\}", source)]
    gaps = {
        gap
        for read in scenes().values()
        for scene in read
        for _, text in scene
        for gap in re.findall(r"\{(\w+)\}", text)
    }
    assert gaps == set(WORDS)


def test_every_subject_has_scenes_of_two_lines_and_more_that_could_be_sent() -> None:
    wanted = {subject for place in PLACES for subject in place.subjects} | {"direct"}
    assert wanted == set(scenes())
    for read in scenes().values():
        for scene in read:
            assert len(scene) >= 2
            assert [check_message(text) for _, text in scene] == [text for _, text in scene]


def test_names_topics_and_shares_fit() -> None:
    assert sum(place.share for place in PLACES) == pytest.approx(1)
    for place in PLACES:
        assert (check_topic(place.topic), check_topic(place.purpose)) == (place.topic, place.purpose)
        assert set(place.people) <= set(range(len(CAST)))
    for one in CAST:
        assert check_name(one.name, field="name") == one.name
