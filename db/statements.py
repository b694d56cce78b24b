"""Cut a SQL file into its statements, as the migration ledger records them."""

import re

# What a semicolon inside does not end, and what has to be skipped to find the next one.
_TOKEN = re.compile(
    r"""
      (?P<line_comment> --[^\n]* )
    | (?P<comment> /\* )
    | (?P<escape_string> \b[eE]'(?:[^'\\]|\\.|'')*' )
    | (?P<string> '(?:[^']|'')*' )
    | (?P<identifier> "(?:[^"]|"")*" )
    | (?P<dollar> (?<![\w$]) \$(?:[^\W\d]\w*)?\$ )
    | (?P<atomic> \bbegin\s+atomic\b )
    | (?P<word> \b[a-z]+\b )
    | (?P<end> ; )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def split_statements(sql: str) -> list[str]:
    """The statements in order, without their ending semicolons; comments stay with what follows them."""
    statements: list[str] = []
    start = position = 0
    depth = 0  # of `begin atomic … end` bodies and the `case … end` inside them
    while token := _TOKEN.search(sql, position):
        position = token.end()
        match token.lastgroup:
            case "comment":
                position = _after_comment(sql, position)
            case "dollar":
                close = sql.find(token.group(), position)
                position = len(sql) if close < 0 else close + len(token.group())
            case "atomic":
                depth += 1
            case "word" if depth:
                depth += {"case": 1, "end": -1}.get(token.group().lower(), 0)
            case "end" if not depth:
                statements.append(sql[start : token.start()].strip())
                start = position
            case _:
                pass
    statements.append(sql[start:].strip())
    return [statement for statement in statements if not _is_empty(statement)]


def _after_comment(sql: str, position: int) -> int:
    """Where a block comment ends; Postgres nests them."""
    depth = 1
    while depth and (edge := _COMMENT_EDGE.search(sql, position)):
        depth += 1 if edge.group() == "/*" else -1
        position = edge.end()
    return position if not depth else len(sql)


def _is_empty(statement: str) -> bool:
    """Whether nothing is there but comments."""
    position = 0
    while position < len(statement):
        token = _TOKEN.match(statement, position)
        if token and token.lastgroup == "line_comment":
            position = token.end()
        elif token and token.lastgroup == "comment":
            position = _after_comment(statement, token.end())
        elif statement[position].isspace():
            position += 1
        else:
            return False
    return True
