"""Mentions: typed as names, stored as ids, read as names by who may know them."""

import re
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select, text

from db.models import Channel, Message, User
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.markup import MESSAGE_LIMIT_CHARACTERS, render
from rxapp.services.channels import create_channel, rename_channel
from rxapp.services.mention_places import MENTIONS_LIMIT
from rxapp.services.messages import delete_message, edit_message, read_source
from rxapp.services.names import NAMES_LIMIT, read_names
from rxapp.services.views import View
from tests.hanging_renderer import SLOW, let_renderers_hang
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team

MENTIONED = re.compile('data-[a-z]+="[^"]+"')
NOBODY = "0190aa00-0000-7000-8000-00000000000a"


async def stored(team: Team, view: View) -> str:
    async with team.backend.database.session() as session:
        return (await session.scalars(select(Message.source).where(Message.id == UUID(view["id"])))).one()


async def handle_of(team: Team, actor: Actor) -> str:
    async with team.backend.database.session() as session:
        return (await session.scalars(select(User.handle).where(User.id == actor.user_id))).one()


async def rename(team: Team, actor: Actor, handle: str) -> None:
    async with team.backend.database.transaction() as session:
        await session.execute(
            text("update public.users set handle = :handle, rev = rev + 1 where id = :id"),
            {"handle": handle, "id": actor.user_id},
        )


async def reads(team: Team, actor: Actor, view: View) -> str:
    return await read_source(team.backend, actor=actor, message_id=view["id"])


async def edit(team: Team, actor: Actor, view: View, source: str) -> View:
    return await edit_message(team.backend, actor=actor, message_id=view["id"], source=source)


async def test_names_are_stored_as_ids_and_read_as_they_are_called_now(team: Team) -> None:
    ben = await handle_of(team, team.bystander)
    view = await team.say(team.member, team.general, f"@{ben}, see #general and **#Secret**. @{ben.upper()}!")
    person, general, secret = f"<@{team.bystander.user_id}>", f"<#{team.general}>", f"<#{team.secret}>"
    assert await stored(team, view) == f"{person}, see {general} and **{secret}**. {person}!"
    assert view["html"].count(f'data-user="{team.bystander.user_id}"></span>') == 2
    for name in (ben, "general", "secret", "Ben"):
        assert name not in view["html"].lower()
    assert await reads(team, team.member, view) == f"@{ben}, see #general and **#secret**. @{ben}!"
    await rename(team, team.bystander, "robert")
    await rename_channel(team.backend, actor=team.owner, channel_id=team.general, name="lobby", topic="")
    assert await reads(team, team.member, view) == "@robert, see #lobby and **#secret**. @robert!"


@pytest.mark.parametrize(
    "source",
    [
        "`@{handle}` `#general`",
        "```\n@{handle} #general\n```",
        "\\@{handle} \\#general",
        "[@{handle} #general](http://a.org)",
        "http://a.org/@{handle}/#general http://a.org/?x=@{handle}",
        "mail@{handle} a#general x/@{handle} @@{handle} ##general",
        "@nobody-here #no-such-channel @channel @here @ # #1",
        "@{handle}x @{handle}é #generals",
    ],
)
async def test_what_is_no_mention_stays_as_typed(team: Team, source: str) -> None:
    typed = source.format(handle=await handle_of(team, team.admin))
    view = await team.say(team.member, team.general, typed)
    assert await stored(team, view) == typed
    assert "mention" not in view["html"]
    assert await reads(team, team.admin, view) == typed


async def test_a_name_ends_before_the_sentences_marks(team: Team) -> None:
    await rename(team, team.admin, "abe.b-")
    await rename(team, team.owner, "olga")
    view = await team.say(team.member, team.general, "(@olga) @olga... @abe.b-: #general's #general! x|#general|y")
    olga, abe, general = f"<@{team.owner.user_id}>", f"<@{team.admin.user_id}>", f"<#{team.general}>"
    assert await stored(team, view) == f"({olga}) {olga}... {abe}: {general}'s {general}! x|{general}|y"


async def test_an_op_brings_along_the_members_that_it_mentions(team: Team, wire: RecordingWire) -> None:
    handle = await handle_of(team, team.bystander)
    view = await team.say(team.member, team.general, f"@{handle} @{handle}")
    await edit(team, team.member, view, f"@{handle} again")
    await team.leave_workspace(team.bystander)
    await edit(team, team.member, view, f"{await reads(team, team.member, view)} and again")
    said = wire.said_in(f"ch:{team.general}")
    assert [[user["name"] for user in op.get("us", [])] for op in said] == [["Ben"], ["Ben"], []]
    assert said[-1]["m"]["html"].count(str(team.bystander.user_id)) == 1


async def test_nobody_learns_of_a_private_channel(team: Team, wire: RecordingWire) -> None:
    probe = await team.say(team.owner, team.general, "is there a #secret or a #no-such-one?")
    assert await stored(team, probe) == "is there a #secret or a #no-such-one?"
    view = await team.say(team.member, team.general, "come to #secret, or #secret")
    assert "secret" not in str(wire.said_in(f"ch:{team.general}")[-1])
    for actor in (team.owner, team.bystander):
        assert await reads(team, actor, view) == "come to #private-channel, or #private-channel"
        names = await read_names(
            team.backend, actor=actor, workspace_id=team.workspace, users=[], channels=[str(team.secret)]
        )
        assert names == {"us": [], "cs": []}
    for actor in (team.ex_member, team.outsider):
        with refused(ErrorCode.NOT_FOUND):
            await reads(team, actor, view)
        with refused(ErrorCode.NOT_FOUND):
            await read_names(team.backend, actor=actor, workspace_id=team.workspace, users=[], channels=[])
    names = await read_names(
        team.backend, actor=team.admin, workspace_id=team.workspace, users=[], channels=[str(team.secret)]
    )
    assert [channel["name"] for channel in names["cs"]] == ["secret"]


async def test_an_id_typed_by_hand_is_a_mention_only_of_who_and_what_one_may_see(team: Team) -> None:
    stranger, member = team.outsider.user_id, team.member.user_id
    typed = f"<@{stranger}> <#{team.secret}> <#{team.elsewhere_general}> <@{NOBODY}> <@{member}> `<@{stranger}>`"
    view = await team.say(team.owner, team.general, typed)
    assert view["html"].count("data-") == 1
    assert f'data-user="{member}"' in view["html"]
    assert render(await stored(team, view)).plain_text == typed.replace("`", "")
    source = await reads(team, team.owner, view)
    assert (await edit(team, team.owner, view, source))["rev"] == view["rev"]


async def test_an_edit_that_changes_nothing_changes_nothing(team: Team) -> None:
    handle = await handle_of(team, team.bystander)
    view = await team.say(team.member, team.general, f"@{handle} @later #secret `@{handle}`")
    await rename(team, team.owner, "later")  # somebody comes whose name was typed before
    same = await edit(team, team.member, view, await reads(team, team.member, view))
    assert (same["rev"], same["edited"]) == (view["rev"], None)


async def test_an_edit_keeps_what_its_writer_may_no_longer_see(team: Team) -> None:
    handle = await handle_of(team, team.bystander)
    other = await create_channel(
        team.backend, actor=team.admin, workspace_id=team.workspace, name="hidden", private=True
    )
    view = await team.say(team.admin, team.general, f"#secret then #hidden, @{handle}")
    await team.leave_workspace(team.bystander)
    async with team.backend.database.transaction() as session:
        await session.execute(
            text("delete from public.channel_members where user_id = :user and channel_id in (:one, :two)"),
            {"user": team.admin.user_id, "one": team.secret, "two": UUID(other["id"])},
        )
    source = await reads(team, team.admin, view)
    assert source == "#private-channel then #private-channel, @somebody"
    await edit(team, team.admin, view, f"look: {source}!")
    assert await stored(team, view) == (f"look: <#{team.secret}> then <#{other['id']}>, <@{team.bystander.user_id}>!")


async def test_a_name_that_would_not_be_read_back_stays_an_id(team: Team) -> None:
    await create_channel(team.backend, actor=team.member, workspace_id=team.workspace, name="a*b")
    async with team.backend.database.session() as session:
        odd = (await session.scalars(select(Channel.id).where(Channel.name == "a*b"))).one()
    view = await team.say(team.member, team.general, f"<#{odd}> x<@{team.owner.user_id}> <@{team.owner.user_id}>s")
    assert view["html"].count("data-") == 3
    assert await reads(team, team.member, view) == await stored(team, view)


async def test_people_who_left_keep_their_names_where_they_spoke(team: Team) -> None:
    spoke = await team.say(team.admin, team.general)
    view = await team.say(team.member, team.general, f"@{await handle_of(team, team.admin)}")
    await team.leave_workspace(team.admin)
    names = await read_names(
        team.backend,
        actor=team.bystander,
        workspace_id=team.workspace,
        users=[str(team.admin.user_id), str(team.outsider.user_id), "x", NOBODY],
        channels=["\x00", str(team.elsewhere_general), str(team.general)],
    )
    assert [user["id"] for user in names["us"]] == [spoke["author"]]
    assert [channel["id"] for channel in names["cs"]] == [str(team.general)]
    assert (await reads(team, team.bystander, view)).startswith("@abe.")


async def test_there_is_an_end_to_names(team: Team) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="users"):
        await read_names(
            team.backend,
            actor=team.member,
            workspace_id=team.workspace,
            users=[NOBODY] * (NAMES_LIMIT + 1),
            channels=[],
        )
    view = await team.say(team.member, team.general, "#general " * (MENTIONS_LIMIT + 1))
    assert view["html"].count("data-channel") == MENTIONS_LIMIT
    full = "#general " + "x" * (MESSAGE_LIMIT_CHARACTERS - len("#general "))
    assert await stored(team, await team.say(team.member, team.general, full)) == full
    strangers = f"<@{NOBODY}>" * (MESSAGE_LIMIT_CHARACTERS // 39)
    grown = {"limit": MESSAGE_LIMIT_CHARACTERS, "actual": MESSAGE_LIMIT_CHARACTERS + strangers.count("<")}
    with refused(ErrorCode.TOO_LONG, field="message", **grown):
        await team.say(team.member, team.general, strangers + "x" * (MESSAGE_LIMIT_CHARACTERS - len(strangers)))


async def test_an_edit_never_turns_what_it_keeps_into_names(team: Team) -> None:
    """A name that stays as text is read by everybody, the one of a private channel too."""
    many = MENTIONS_LIMIT + 50
    view = await team.say(team.member, team.general, f"<#{team.secret}> " * many)
    source = await read_source(team.backend, actor=team.member, message_id=view["id"])
    assert source.count("#secret") == many
    edited = await edit_message(team.backend, actor=team.member, message_id=view["id"], source=f"{source}\nmore")
    assert edited["html"].count("data-channel") == many
    assert "secret" not in await stored(team, edited)
    room = MESSAGE_LIMIT_CHARACTERS - len(source) - 1
    grown = MESSAGE_LIMIT_CHARACTERS + many * (len(f"<#{team.secret}>") - len("#secret"))
    with refused(ErrorCode.TOO_LONG, field="message", limit=MESSAGE_LIMIT_CHARACTERS, actual=grown):
        await edit_message(team.backend, actor=team.member, message_id=view["id"], source=f"{source}\n{'x' * room}")
    assert "secret" not in await stored(team, edited)


async def test_no_name_of_a_private_channel_stays_as_text_for_want_of_room(team: Team) -> None:
    many = await team.say(team.member, team.general, f"{'#general ' * MENTIONS_LIMIT}#secret")
    assert (await stored(team, many)).endswith(f" <#{team.secret}>")
    full = "#secret " + "x" * (MESSAGE_LIMIT_CHARACTERS - len("#secret "))
    grown = MESSAGE_LIMIT_CHARACTERS + len(f"<#{team.secret}>") - len("#secret")
    with refused(ErrorCode.TOO_LONG, field="message", limit=MESSAGE_LIMIT_CHARACTERS, actual=grown):
        await team.say(team.member, team.general, full)
    # In code it is no mention, and needs none.
    code = "```\n" + "#secret\n" * 20 + "x" * (MESSAGE_LIMIT_CHARACTERS - 400) + "\n```"
    assert await stored(team, await team.say(team.member, team.general, code)) == code


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("see #secret—and", "see {secret}—and"),
        ("#secret/x or (#SECRET)", "{secret}/x or ({secret})"),
        ("_#secret_ and =#secret", "_{secret}_ and ={secret}"),
        ("#secret's, #secret:ops and #secretary", "{secret}'s, {ops} and #secretary"),
        (
            "#secret_plan #secret-agent PR#secret &#secret; #secret.txt",
            "#secret_plan #secret-agent PR#secret &#secret; #secret.txt",
        ),
        ("PR#secret &#secret; \\#secret", "PR#secret &#secret; \\#secret"),
        ("#secret---------- #secret--and ##secret", "{secret}---------- {secret}--and #{secret}"),
        ("#secret,https://a.org (https://a.org #secret)", "{secret},https://a.org (https://a.org {secret})"),
        (".#secret#secret", ".{secret}{secret}"),
        ("#secret#general @#secret", "{secret}#general @{secret}"),
        ("#ΟΔΟΣ's #ΟΔΟΣ—and #οδος", "{street}'s {street}—and {street}"),
        ("\\#secret `#secret` <https://a.org/#secret>", "\\#secret `#secret` <https://a.org/#secret>"),
    ],
)
async def test_a_private_channel_is_a_mention_wherever_its_name_is_told(team: Team, text: str, source: str) -> None:
    ops = await create_channel(
        team.backend, actor=team.member, workspace_id=team.workspace, name="secret:ops", private=True
    )
    street = await create_channel(
        team.backend, actor=team.member, workspace_id=team.workspace, name="ΟΔΟΣ", private=True
    )
    view = await team.say(team.member, team.general, text)
    ids = {"secret": f"<#{team.secret}>", "ops": f"<#{ops['id']}>", "street": f"<#{street['id']}>"}
    assert await stored(team, view) == source.format(**ids)
    # Who may not read the channel is not told, and knows no more of what is called so.
    assert await stored(team, await team.say(team.owner, team.general, text)) == text
    same = await edit(team, team.member, view, await reads(team, team.member, view))
    assert same["rev"] == view["rev"]
    await edit(team, team.member, view, f"{await reads(team, team.member, view)} more")
    assert await stored(team, view) == f"{source.format(**ids)} more"


@pytest.mark.parametrize("glue", ["https://a.org/{far})<#{secret}>", "<#{secret}>,{far}https://a.org"])
async def test_an_edit_loses_no_id_that_stands_far_from_the_beginning_of_an_address(team: Team, glue: str) -> None:
    text = glue.format(far="a" * 200, secret=team.secret)
    view = await team.say(team.member, team.general, text)
    await edit(team, team.member, view, f"{await reads(team, team.member, view)} more")
    assert await stored(team, view) == f"{text} more"


async def test_a_text_that_is_nothing_but_a_private_name_is_refused_at_once(team: Team) -> None:
    await create_channel(team.backend, actor=team.member, workspace_id=team.workspace, name="a", private=True)
    count = MESSAGE_LIMIT_CHARACTERS // len("#a ")
    many = " ".join(["#a"] * count)
    grown = len(many) + count * (len(f"<#{team.secret}>") - len("#a"))
    with refused(ErrorCode.TOO_LONG, field="message", limit=MESSAGE_LIMIT_CHARACTERS, actual=grown):
        await team.say(team.member, team.general, many)


async def test_where_there_is_no_time_to_read_a_text_it_tells_no_private_name_either(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = await handle_of(team, team.bystander)
    before = await team.say(team.admin, team.general, f"{SLOW}\n#secret and @{handle}")
    let_renderers_hang(monkeypatch)
    ids = f"{SLOW}\n<#{team.secret}> and <@{team.bystander.user_id}>".strip()
    view = await team.say(team.member, team.general, f"{SLOW}\n#secret and @{handle}, #general")
    assert await stored(team, view) == f"{SLOW}\n<#{team.secret}> and @{handle}, #general".strip()
    # With a name in place of an id that stands in code, it would be stored there.
    assert await reads(team, team.owner, before) == ids
    for changed in (f"{SLOW}\n#secret and @{handle}", f"{SLOW}\n#secret and @{handle}, once more"):
        await edit(team, team.admin, before, changed)
        assert (await stored(team, before)).startswith(ids)
    stranger = f"{SLOW}\n<@{team.outsider.user_id}>"
    assert (
        await stored(team, await team.say(team.member, team.general, stranger))
        == f"{SLOW}\n\\<@{team.outsider.user_id}>"
    )


async def test_a_name_that_small_letters_make_longer_takes_no_more_than_itself(team: Team) -> None:
    made = await create_channel(team.backend, actor=team.member, workspace_id=team.workspace, name="İstanbul")
    view = await team.say(team.member, team.general, "see #İstanbul, now; #İSTANBUL!")
    assert await stored(team, view) == f"see <#{made['id']}>, now; <#{made['id']}>!"


async def test_a_deleted_message_has_no_source(team: Team) -> None:
    view = await team.say(team.member, team.general, "#secret")
    await delete_message(team.backend, actor=team.member, message_id=view["id"])
    with refused(ErrorCode.DELETED):
        await reads(team, team.admin, view)


PIECES = [
    *(
        "@{ben} ",
        "#general ",
        "#secret",
        "@{ben}",
        "`",
        "``",
        "```\n",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "* ",
        "**",
        "\\",
        "[",
        "](",
        ")",
    ),
    *(
        "http://a.org/",
        " ",
        "x",
        "<",
        ">",
        "|",
        "|-|\n",
        "@",
        "#",
        ":tada:",
        "~~",
        "é",
        ".",
        "—",
        "_",
        "/",
        "<@{ben_id}>",
        f"<#{NOBODY}>",
    ),
]


async def test_whatever_is_typed_is_read_again_and_stored_again_as_the_same(team: Team) -> None:
    names = {"ben": await handle_of(team, team.bystander), "ben_id": str(team.bystander.user_id)}
    chance = Random(7)
    for _ in range(120):
        typed = "".join(chance.choices(PIECES, k=chance.randint(1, 14))).format(**names)
        try:
            view = await team.say(team.member, team.general, typed)
        except ConfabError as refusal:
            assert refusal.code is ErrorCode.EMPTY
            continue
        source = await reads(team, team.member, view)
        assert (await edit(team, team.member, view, source))["rev"] == view["rev"], typed
        # Changed at its end only, it mentions the same.
        edited = await edit(team, team.member, view, f"{source}\n\nmore")
        assert MENTIONED.findall(edited["html"]) == MENTIONED.findall(view["html"]), typed
