"""The judge of a run finds what is wrong: each test has a history in which one thing is."""

from typing import Any

import pytest

from tests.faults.checker import Screen, check
from tests.faults.history import Act, Heard, History, Outcome, What
from tests.faults.truth import Place, Row, Truth

ROOM = "a channel"
PEOPLE = ["ada", "bob"]


class Story:
    """Two messages in one channel, read by both, and nothing wrong."""

    def __init__(self) -> None:
        self.history = History()
        self.truth = Truth(places={ROOM: Place("public", 2, 2, 2)})
        for number in (1, 2):
            self.sent(number, begun=number * 10.0)
            self.truth.rows.append(self.row(number))
        for person in PEOPLE:
            self.truth.seats[person, ROOM] = 2
        self.screens = [self.screen(number) for number in range(len(PEOPLE))]

    def sent(self, number: int, begun: float) -> Act:
        act = Act(What.SEND, 0, ROOM, f"key {number}", f"text {number}", begun, begun + 1.0, Outcome.OK, 1)
        act.message, act.seq, act.rev = f"message {number}", number, number
        self.history.acts.append(act)
        return act

    def row(self, number: int) -> Row:
        text = f"text {number}"
        return Row(f"message {number}", ROOM, "ada", number, number, f"key {number}", text, text, is_deleted=False)

    def screen(self, number: int) -> Screen:
        rows = [self.shown(row) for row in self.truth.rows]
        feed = {"isOpen": True, "rev": 2, "floor": 0, "ceiling": None, "list": rows}
        return Screen(number, PEOPLE[number], {ROOM: feed}, {ROOM: {"unread": False, "count": 0}})

    def shown(self, row: Row) -> dict[str, Any]:
        return {
            "seq": row.seq, "id": row.id, "rev": row.rev, "author": row.author, "key": row.key, "html": row.html
        }  # fmt: skip

    def asked(self, what: What, key: str, begun: float, outcome: Outcome = Outcome.OK, text: str = "") -> None:
        ended = None if outcome is Outcome.UNKNOWN else begun + 1.0
        self.history.acts.append(Act(what, 0, ROOM, key, text, begun, ended, outcome, 1))

    def heard(self, who: int, at: float, rev: int) -> None:
        self.history.heard.append(Heard(who, at, "new", ROOM, [rev]))

    def wrong(self) -> str:
        return "\n".join(check(self.history, self.truth, self.screens, PEOPLE))


@pytest.fixture
def story() -> Story:
    return Story()


def replace(story: Story, number: int, **changes: Any) -> None:
    old = story.truth.rows[number - 1]
    values = {name: getattr(old, name) for name in Row.__dataclass_fields__}
    story.truth.rows[number - 1] = Row(**{**values, **changes})


def test_a_good_history_is_good(story: Story) -> None:
    story.asked(What.TAKE_OUT, "bob", 30.0)
    story.heard(1, 31.5, 2)  # sent before, slow to arrive
    story.asked(What.ADD, "bob", 40.0)
    story.heard(1, 41.0, 2)
    assert story.wrong() == ""


def test_a_message_that_was_acknowledged_and_is_not_stored_is_lost(story: Story) -> None:
    story.sent(3, begun=30.0)
    assert "lost: message 3" in story.wrong()


def test_a_message_that_is_stored_twice_is_doubled(story: Story) -> None:
    story.truth.rows.append(Row("message 3", ROOM, "ada", 3, 3, "key 2", "text 2", "text 2", is_deleted=False))
    assert "doubled: key key 2 is stored 2 times" in story.wrong()


def test_a_message_without_an_answer_may_be_stored_or_not(story: Story) -> None:
    story.history.acts[1].outcome, story.history.acts[1].ended = Outcome.UNKNOWN, None
    story.asked(What.SEND, "key 9", 30.0, Outcome.UNKNOWN)
    assert story.wrong() == ""


def test_a_refused_message_must_not_be_stored(story: Story) -> None:
    story.history.acts[1].outcome = Outcome.REFUSED
    assert "key key 2 was refused with 0 and is stored" in story.wrong()


def test_a_message_that_nobody_sent_is_found(story: Story) -> None:
    del story.history.acts[1]
    assert "key key 2 is stored and nobody sent it" in story.wrong()


def test_a_message_sent_again_is_the_first_one(story: Story) -> None:
    again = Act(What.SEND, 0, ROOM, "key 1", message="message 7", seq=7, outcome=Outcome.OK)
    story.history.again.append(again)
    assert "key key 1, sent again, was answered with message 7" in story.wrong()


def test_what_was_sent_later_stands_behind(story: Story) -> None:
    story.history.acts[0].begun, story.history.acts[0].ended = 50.0, 51.0
    assert "order of a channel: key key 1 stands at 1, before 2" in story.wrong()


def test_what_was_sent_at_the_same_time_may_stand_in_any_order(story: Story) -> None:
    story.history.acts[0].begun, story.history.acts[0].ended = 20.5, 22.0
    assert story.wrong() == ""


def test_numbers_with_a_hole_are_found(story: Story) -> None:
    story.truth.places[ROOM] = Place("public", 3, 2, 2)
    assert "2 messages up to 3, without [3]" in story.wrong()


def test_an_acknowledged_edit_is_kept(story: Story) -> None:
    story.asked(What.EDIT, "message 1", 15.0, text="another")
    assert "says 'text 1' although a later text was acknowledged" in story.wrong()


def test_an_edit_without_an_answer_may_win_or_not(story: Story) -> None:
    story.asked(What.EDIT, "message 1", 15.0, Outcome.UNKNOWN, text="another")
    assert story.wrong() == ""
    replace(story, 1, source="another")
    assert story.wrong() == ""
    replace(story, 1, source="something else")
    assert "says 'something else', which nobody wrote" in story.wrong()


def test_an_acknowledged_deletion_is_kept_and_none_happens_by_itself(story: Story) -> None:
    story.asked(What.DELETE, "message 1", 15.0)
    assert "message message 1 is there although its deletion was acknowledged" in story.wrong()
    replace(story, 2, is_deleted=True)
    assert "message message 2 is deleted and nobody deleted it" in story.wrong()


def test_who_was_taken_out_hears_nothing_said_after_that(story: Story) -> None:
    story.asked(What.TAKE_OUT, "bob", 15.0)
    story.heard(1, 20.5, 2)
    assert "person 1 heard new with rev 2 of a channel, which was asked for 4.000 s after the removal" in story.wrong()


def test_who_stays_may_hear_all(story: Story) -> None:
    story.asked(What.TAKE_OUT, "bob", 15.0)
    story.heard(0, 20.5, 2)
    assert story.wrong() == ""


def test_a_removal_without_an_answer_promises_nothing(story: Story) -> None:
    story.asked(What.TAKE_OUT, "bob", 15.0, Outcome.UNKNOWN)
    story.heard(1, 20.5, 2)
    assert story.wrong() == ""


def test_a_screen_without_a_message_is_found(story: Story) -> None:
    del story.screens[1].feeds[ROOM]["list"][0]
    assert "tab 1: a channel lacks [(1, 'message 1'" in story.wrong()


def test_a_screen_with_an_old_text_is_found(story: Story) -> None:
    story.screens[1].feeds[ROOM]["list"][0]["html"] = "before"
    assert "has [(1, 'message 1', 1, 'ada', 'key 1', 'before')]" in story.wrong()


def test_a_screen_in_the_wrong_order_is_found(story: Story) -> None:
    story.screens[0].feeds[ROOM]["list"].reverse()
    assert "tab 0: a channel is unsorted" in story.wrong()


def test_a_screen_that_is_behind_is_found(story: Story) -> None:
    story.screens[0].feeds[ROOM]["rev"] = 1
    assert "tab 0: a channel is at rev 1 and not at 2" in story.wrong()


def test_a_wrong_badge_is_found(story: Story) -> None:
    story.truth.seats["bob", ROOM] = 1
    assert "the badge of a channel is {'unread': False, 'count': 0}: read to 1 of 2, 0 to count" in story.wrong()


def test_a_sidebar_with_a_channel_too_many_is_found(story: Story) -> None:
    del story.truth.seats["bob", ROOM]
    assert "tab 1: the sidebar has ['a channel'] and not []" in story.wrong()


def test_what_went_backwards_is_found(story: Story) -> None:
    story.screens[0].regressions.append("message 1 went from rev 2 back to 1")
    assert "tab 0: message 1 went from rev 2 back to 1" in story.wrong()
