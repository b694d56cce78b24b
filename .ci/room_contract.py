"""The contract type of import-linter that pyproject.toml states its table of rooms with.

A room is a package with a list of what it may import. Whatever is not on the list is refused, so that a new package is
closed until somebody decides who may use it.
"""

from pathlib import Path
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

# Plain data and the package itself: no room is needed to know what an error or an actor is.
FREE = frozenset({"rxapp", "rxapp.actor", "rxapp.errors", "rxapp.operator_error"})


class RoomContract(Contract):
    """`room` may import itself, `may_import` and plain data; of what others publish, all but `not_external`."""

    type_name = "room"

    # import-linter puts the configured values in the place of these.
    room: Any = fields.StringField()
    may_import: Any = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    not_external: Any = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect every import that the room may not make, with its line."""
        del verbose
        refused = []
        for importer in sorted(module for module in graph.modules if _is_in(module, self.room)):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if self._is_refused(imported, own=not graph.is_module_squashed(imported)):
                    package = Path(importer.replace(".", "/"), "__init__.py")
                    path = package if package.exists() else package.parent.with_suffix(".py")
                    details = graph.get_import_details(importer=importer, imported=imported)
                    refused += [(path, detail["line_number"], imported) for detail in details]
        return ContractCheck(kept=not refused, metadata={"refused": refused})

    def _is_refused(self, imported: str, *, own: bool) -> bool:
        if not own:
            return any(_is_in(imported, package) for package in self.not_external)
        return imported not in FREE and not any(_is_in(imported, room) for room in (self.room, *self.may_import))

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name the file and line, what was imported and what may be."""
        allowed = ", ".join(self.may_import) or "nothing of the project"
        for path, line, imported in check.metadata["refused"]:
            output.print_error(f"{path}:{line} imports {imported}; {self.room} may import {allowed}.", bold=False)
        output.print_error("Move the code to the room that may, or call a service that does it.", bold=False)
        output.new_line()


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
