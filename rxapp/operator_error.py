"""What the person who runs Confab has to mend: a taken port, an unreachable database, a wrong setting."""


class OperatorError(Exception):
    """One line: what happened, what was expected and what to do next. The command line prints it and exits with 1."""
