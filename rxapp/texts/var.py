"""Texts."""
import reflex as rx
from reflex_base.vars.base import VarData
from reflex_base.vars.function import FunctionStringVar
CATALOGUE = rx.asset("en.json", shared=True)
_t = FunctionStringVar.create("t", _var_data=VarData(imports={"$/public/live/texts.js": "t"}))
def t(key, **p):
    return _t.call(key, rx.Var.create(p)).to(str)
