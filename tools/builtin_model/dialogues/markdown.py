"""Questions that ask for a form: a list, a table, a block of code."""

from random import Random

from tools.builtin_model.dialogues.grammar import expand, lines
from tools.builtin_model.dialogues.noise import typed
from tools.builtin_model.dialogues.vocabulary import DAYS, word
from tools.builtin_model.facts import SKILLS


def _list(*entries: str) -> str:
    return "\n".join(f"- {entry}" for entry in entries)


def _table(head: str, *rows: str) -> str:
    bar = "|".join("---" for _ in head.split("|"))
    return "\n".join(f"| {line} |" if line != bar else f"|{bar}|" for line in (head, bar, *rows))


_LIST = lines("""
[list|show|give me|name] {x} [as a list|in a list|as bullet points|in bullet points|as a bullet list]
[make|write|can you make|please make|I want|give me|I need] a [list|bullet list|short list] [of|with] {x}
{x} as [a list|a bullet list|bullet points]
{x} in [a list|bullet points]
[a|] list of {x}
[can you|could you|please] list {x}
[show|give] me a list of {x}
""")
_TABLE = lines("""
[show|give me|list|explain|put] {x} [as a table|in a table]
[make|write|can you make|please make|I want|give me|draw|create|I need] a table [of|with] {x}
{x} as a table
{x} in a table
[a|] table of {x}
[could you|please] [show|put] {x} in a table
[show|give] me a table of {x}
[can|could] I [have|see|get] {x} [as|in] a table
""")
_CODE = lines("""
[show|give|tell|write] me [the command|the code|a code block] [to|that can] {x}
[what is|which is] the command to {x}
the command to {x}
[show|give me|write] a code block [to|with the command to] {x}
[command|code block]: {x}
how do I {x} on the command line
{x} [as a code block|in a code block|on the command line]
[which|what] command do I type to {x}
[show|give me] the [shell|terminal] command to {x}
""")

LISTS: tuple[tuple[str, str], ...] = (
    ("[the|all|] [roles|user roles|roles in Hearth]", _list("owner", "admin", "auditor", "member")),
    ("[the|all|] [team roles|roles in a team]", _list("admin", "member", "guest")),
    (
        "[the|all|] [shortcuts|keyboard shortcuts|hotkeys|keys]",
        _list("Enter: send", "Shift+Enter: new line", "Escape: stop", "Ctrl+Shift+O: new chat", "Ctrl+K: search"),
    ),
    ("[your skills|what you can do|the things you can do|your abilities|your capabilities]", _list(*SKILLS.values())),
    ("[the|] [weekdays|days of the week|days of a week]", _list(*DAYS)),
    ("[the|] export formats", _list("Markdown", "JSON")),
    (
        "[what I can do with a chat|things to do with a chat|the actions of a chat|the menu of a chat|chat actions]",
        _list("Rename", "Share", "Export", "Delete"),
    ),
    (
        "[what I can do with an answer|things to do with an answer|the buttons under an answer|answer buttons]",
        _list("Copy", "Regenerate", "Continue"),
    ),
    (
        "[what team admins manage|the tasks of a team admin|what a team admin does]",
        _list("members", "models", "retention"),
    ),
    ("[what a purge reaches|copies that a purge reaches]", _list("files", "indexes", "vectors", "exports")),
)
TABLES: tuple[tuple[str, str], ...] = (
    (
        "[the|all|] [shortcuts|keyboard shortcuts|hotkeys|keys]",
        _table(
            "Key | Does",
            "Enter | sends",
            "Shift+Enter | breaks the line",
            "Escape | stops",
            "Ctrl+Shift+O | new chat",
            "Ctrl+K | search",
        ),
    ),
    (
        "[the|all|] [roles|user roles|roles in Hearth|roles and what they do]",
        _table(
            "Role | Does",
            "owner | owns Hearth",
            "admin | runs Hearth",
            "auditor | reads the audit log",
            "member | chats",
        ),
    ),
    (
        "[the|all|] [team roles|roles in a team]",
        _table("Role | Does", "admin | manages the team", "member | chats", "guest | reads"),
    ),
    (
        "[the buttons under an answer|what I can do with an answer|the answer buttons|the buttons]",
        _table("Button | Does", "Copy | copies the answer", "Regenerate | tries again", "Continue | goes on"),
    ),
)
CODES: tuple[tuple[str, str], ...] = (
    (
        "[start|run|launch|install] [Hearth|hearth|Hearth with a model|Hearth with my model|Hearth with a GGUF file]",
        "```\nmake run MODEL=path/to/model.gguf\n```",
    ),
    ("[start|run|launch] Hearth with Docker", "```\ndocker compose up\n```"),
    ("run the tests [of Hearth|]", "```\nmake test\n```"),
)


def markdown(rng: Random) -> tuple[str, tuple[str, str]]:
    """Return the kind and one turn whose answer has a form."""
    dice = rng.random()
    if dice < 0.3:
        things = [word(rng) for _ in range(rng.randint(2, 5))]
        ask = typed(expand(rng.choice(_LIST), rng), rng)
        named = f"{', '.join(things[:-1])}{rng.choice((' and ', ', ', ' and '))}{things[-1]}"
        return "markdown.items", (ask.replace("{x}", named).replace("{X}", named), _list(*things))
    if dice < 0.6:
        kind, asks, pairs = "markdown.list", _LIST, LISTS
    elif dice < 0.88:
        kind, asks, pairs = "markdown.table", _TABLE, TABLES
    else:
        kind, asks, pairs = "markdown.code", _CODE, CODES
    subject, answer = rng.choice(pairs)
    return kind, (typed(expand(rng.choice(asks).replace("{x}", subject), rng), rng), answer)
