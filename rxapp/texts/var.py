"""Sentences as vars: read in the browser, so that a person's own catalogue can stand there."""

from typing import Any

import reflex as rx
from reflex_base.vars.base import VarData
from reflex_base.vars.function import FunctionStringVar, FunctionVar

from rxapp.texts import catalogue

# Puts the catalogue where assets/live/texts.js finds it.
_ASSET = rx.asset("en.json", shared=True)
_t: FunctionVar[Any] = FunctionStringVar.create("t", _var_data=VarData(imports={"$/public/live/texts.js": "t"}))


def t(key: str, **parameters: Any) -> rx.vars.StringVar[str]:
    """The sentence of a key with its parameters, as a var. KeyError for an unknown key."""
    catalogue()[key]
    return _t.call(key, rx.Var.create(parameters)).to(str)
