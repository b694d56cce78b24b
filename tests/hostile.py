"""Texts that somebody who means harm would send, and values of the wrong kind."""

TEXTS = {
    "nul": "a\x00b",
    "lone surrogate": "a\ud800b",
    "script": "<script>alert(1)</script>",
    "handler": '<img src=x onerror="alert(1)">',
    "link": "[x](javascript:alert(1))",
    "link with an entity": "[x](java&#x73;cript:alert(1)) <javascript:alert(1)>",
    "data link": "![x](data:text/html;base64,PHNjcmlwdD4=)",
    "turned around": "\u202egnp.exe\u2066",
    "long word": "x" * 16_384,
    "a megabyte": "x" * 1_000_000,
    "marks": "a" + "\u0301" * 16_000,
    "sql": "'; drop table public.users; --",
    "wildcards": "%_\\",
    "format": "{0.__class__} %s %(x)s {{",
    "markdown": "*" * 500 + "[" * 500 + "`" * 500 + "|" * 500,
    "nested quotes": ">" * 2000,
    "addresses": "a@b.com\n" * 1000,
    "table": "|a" * 500 + "\n" + "|-" * 500,
    "joined emoji": "👩‍👩‍👧‍👦 👨🏿‍🚀",
    "flags and tags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "private use": "\ue000\U0010ffff\ufffe",
}
VALUES: list[object] = [None, 7, -1, 1.5, float("nan"), 10**400, True, [], ["x"], {}, {"$ne": 1}, b"x"]
