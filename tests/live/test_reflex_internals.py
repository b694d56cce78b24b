"""What we rely on inside Reflex, Socket.IO and uvicorn: an upgrade that moves it fails here, by name."""

import asyncio
import inspect
import json
from typing import Any

import pytest
import reflex as rx
from reflex.app import EventNamespace
from reflex.utils.format import format_event_handler
from reflex_base.registry import RegistrationContext
from websockets.protocol import State

from rxapp.live.delivery import SocketWire
from rxapp.live.hub import Hub
from rxapp.live.namespace import ANONYMOUS_EVENTS, Namespace, socket_app_of
from rxapp.live.peers import EncodedPacket
from rxapp.live.state import LiveState, op_delta
from rxapp.live.websocket import EXTENSION
from rxapp.rxapp import app, namespace
from state.channel import ChannelState
from tests.live.front_desk import front_desk
from tests.live.test_delivery import Office
from tests.live.waiting import until

LIVE_STATE = "reflex___state____state.rxapp___live___state____live_state"


def test_the_app_speaks_through_our_namespace() -> None:
    assert app.sio is not None
    assert isinstance(namespace, Namespace)
    assert app._event_namespace is namespace, "App keeps its namespace elsewhere now: mend install_namespace"
    assert app.event_namespace is namespace
    assert app.sio.namespace_handlers == {"/_event": namespace}, "Socket.IO registers namespaces in another way now"


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("__init__", ["self", "namespace", "app"]),
        ("on_connect", ["self", "sid", "environ", "auth"]),
        ("on_event", ["self", "sid", "data"]),
        ("on_disconnect", ["self", "sid"]),
    ],
)
def test_the_namespaces_methods_take_what_ours_hand_on(method: str, parameters: list[str]) -> None:
    found = list(inspect.signature(getattr(EventNamespace, method)).parameters)
    assert found == parameters, f"EventNamespace.{method} takes other arguments now: mend rxapp/live/namespace.py"


def test_on_disconnect_is_no_coroutine() -> None:
    assert not inspect.iscoroutinefunction(EventNamespace.on_disconnect)


def test_the_tokens_of_tabs_are_where_they_were() -> None:
    assert namespace._token_manager.token_to_sid is not None
    assert namespace._token_manager.sid_to_token is not None


def test_every_event_of_a_tab_without_a_session_is_a_handler() -> None:
    missing = ANONYMOUS_EVENTS - set(RegistrationContext.get().event_handlers)
    assert not missing, f"Reflex names {sorted(missing)} differently now: the log-in page would not come up"


def test_a_shortcut_stands_for_a_handler() -> None:
    assert format_event_handler(ChannelState.read_to) in RegistrationContext.get().event_handlers


def test_ops_travel_in_the_var_that_the_page_listens_to() -> None:
    assert LiveState.get_full_name() == LIVE_STATE
    assert op_delta({"k": "new"}) == {"delta": {LIVE_STATE: {"op_rx_state_": {"k": "new"}}}}
    assert str(LiveState.op).endswith(".op_rx_state_"), "Reflex names the fields of a state differently now"


def test_the_page_knows_the_id_of_its_socket() -> None:
    assert "rx_router_session" in str(rx.State.router.session.session_id)


def test_what_serves_sockets_is_mounted_where_the_guard_takes_it_from() -> None:
    mounted: Any = socket_app_of(app)
    assert mounted.app.engineio_server is app.sio, "Reflex mounts its socket server differently now"
    assert mounted.app.engineio_path == "/", "its path is of account: the guard does not take its own off"


def test_a_handler_knows_its_socket() -> None:
    environ = {"asgi.scope": {"headers": [(b"host", b"x")], "client": ("127.0.0.1", 1)}}
    told = namespace._build_static_router_data("socket", environ)
    router = rx.istate.data.RouterData.from_router_data(told)
    assert router.session.session_id == "socket", "rx.State.router.session has moved: mend state/command.py"


async def test_an_op_reaches_a_raw_client_as_a_delta_of_the_live_state() -> None:
    async with front_desk() as desk:
        socket, answer = await desk.connect(signed_in=True)
        socket_id = json.loads(answer.partition(",")[2])["sid"]
        hub = Hub(SocketWire(namespace.server, namespace))
        hub.connect(socket_id, desk.ada)
        assert await hub.enter(socket_id, "ch:1", admission=hub.admission(desk.ada.user_id))
        assert "ch:1" in hub.looked_at()
        await hub.publish("ch:1", {"k": "new"})
        await hub.push(socket_id, {"k": "page"})
        numbers = []
        for kind in ("new", "page"):
            packet = str(await socket.recv())
            assert packet.startswith("42/_event,")
            event = json.loads(packet.partition(",")[2])
            numbers.append(event[1]["delta"][LiveState.get_full_name()]["op_rx_state_"]["s"])
            assert event == ["event", op_delta({"k": kind, "s": numbers[-1]})]
        assert numbers[1] == numbers[0] + 1
        await hub.look_away(socket_id, "ch:")
        assert "ch:1" not in hub.looked_at()
        await socket.close()


async def test_a_socket_says_what_waits_in_it_and_that_it_is_closed() -> None:
    async with Office() as office:
        tab = await office.tab()
        ((socket, _),) = office.sockets()
        missing = [name for name in ("queue", "closed", "closing") if not hasattr(socket, name)]
        assert not missing, f"Engine.IO's socket has no {missing} now: mend SocketWire.deliver"
        mend = "the queue counts what is under way elsewhere now: mend Peer, or ops overtake each other"
        assert hasattr(socket.queue, "_unfinished_tasks"), mend
        await until(lambda: socket.queue._unfinished_tasks == 0, "what was said at the connect is written")
        socket.queue.put_nowait(EncodedPacket('2/_event,["event",{}]'))
        assert socket.queue._unfinished_tasks == 1, mend
        assert (socket.closed, socket.closing) == (False, False)
        await tab.close()
        await until(lambda: socket.closed is True, "Engine.IO's socket says that it is closed")


async def test_a_protocol_has_the_connection_that_frames_are_written_to() -> None:
    async with Office() as office:
        tab = await office.tab()
        ((_, protocol),) = office.sockets()
        missing = [name for name in ("conn", "writable", "transport", "scope") if not hasattr(protocol, name)]
        assert not missing, f"uvicorn's protocol has no {missing} now: mend rxapp/live/websocket.py"
        assert protocol.conn.state is State.OPEN, "the state of the handshake is elsewhere now: mend Peer.send"
        assert not protocol.conn.extensions, "nobody asked for a compression: mend carries_frames_as_they_are"
        assert isinstance(protocol.writable, asyncio.Event), "the write pause is kept in another way: mend Peer.send"
        transport = [
            name for name in ("write", "abort", "get_write_buffer_size") if not hasattr(protocol.transport, name)
        ]
        assert not transport, f"the transport has no {transport}: mend SocketWire._hand_over"
        extensions: dict[str, object] = protocol.scope["extensions"]  # type: ignore[assignment] # asgiref knows no more
        assert extensions[EXTENSION] is protocol, "the scope of a request is another now: mend protocol_of"
        await tab.close()
        await until(lambda: protocol.transport.is_closing(), "a closed socket is known as such: mend Peer.send")
