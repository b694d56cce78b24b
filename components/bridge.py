"""The bridge to assets/live/*.js: functions of the browser's as vars, and parts of a page as functions."""

from collections.abc import Callable
from functools import cache
from typing import Any

import reflex as rx
from reflex_base.vars.base import VarData
from reflex_base.vars.function import ArgsFunctionOperation, FunctionStringVar, FunctionVar
from reflex_base.vars.object import ObjectVar

FOLDER = "$/public/live"

Item = ObjectVar[dict[str, Any]]
Render = Callable[[Item], rx.Component]
Children = rx.Component | rx.Var[Any] | str


def javascript(file: str, name: str) -> FunctionVar[Any]:
    """A function of a file there."""
    return FunctionStringVar.create(name, _var_data=VarData(imports={f"{FOLDER}/{file}": name}))


def action(file: str, name: str, *arguments: Any) -> FunctionVar[Any]:
    """An event that calls a function of a file there."""
    return ArgsFunctionOperation.create(("_event",), javascript(file, name).call(*arguments))


@cache
def function_of(render: Render) -> FunctionVar[Any]:
    """A function of one item for JavaScript, as a component of its own: it may use state, and renders by itself."""

    def item_component(item: rx.Var[dict]) -> rx.Component:
        return render(item.to(dict[str, Any]))

    room = render.__module__.rpartition(".")[2]
    item_component.__name__ = item_component.__qualname__ = f"{room}_{render.__name__.strip('_')}_item"
    item_component.__module__ = render.__module__
    component = rx.memo(item_component)
    return ArgsFunctionOperation.create(
        ("item",), rx.Var.create(component(item=rx.Var("item", _var_type=dict[str, Any])))
    )


def node_of(component: rx.Component) -> rx.Var[Any]:
    """A part of a page as a value."""
    return rx.Var.create(component)
