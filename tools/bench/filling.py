"""A million messages of 5,000 people whose words are as common and as rare as those of a language."""

import random
from importlib import import_module
from typing import Any

PEOPLE, TEAMS, CHATS, SAID = 5_000, 300, 100_000, 10
HEAVY = 10_000  # the chats of one person who has asked all day for years
WORDS, TEXTS = 40_000, 60_000
SOUNDS = ("ba", "co", "den", "fi", "gar", "hu", "jo", "kel", "lim", "mo", "nar", "pe", "qui", "ras", "so", "tun", "ve")

# Everything by SQL: making a million rows is not what is measured.
FILL = (
    """CREATE TEMPORARY TABLE part AS
       SELECT u.id AS person, t.id AS team, u.n AS k FROM
         (SELECT id, substr(split_part(email, '@', 1), 2)::int AS n FROM accounts_user WHERE email ~ '^p[0-9]+@') u JOIN
         (SELECT id, row_number() OVER () AS n FROM accounts_team) t ON t.n = 1 + u.n %% %(teams)s""",
    "INSERT INTO accounts_membership (team_id, user_id, role) SELECT team, person, 'member' FROM part",
    """INSERT INTO chat_conversation (id, owner_id, team_id, title, last_activity_at, created_at, pinned)
       SELECT gen_random_uuid(), p.person, p.team, left(t.text, 60), at, at, c.n %% 50 = 0 FROM
         (SELECT n, now() - make_interval(mins => (random() * 500000)::int) AS at,
            CASE WHEN n <= %(heavy)s THEN 1 ELSE 2 + n %% (%(people)s - 1) END AS k
          FROM generate_series(1, %(chats)s) n) c
         JOIN part p USING (k) JOIN made t ON t.n = 1 + c.n %% %(texts)s""",
    """INSERT INTO chat_message (id, conversation_id, parent_id, role, text, created_at)
       SELECT gen_random_uuid(), c.id, NULL, CASE WHEN k %% 2 = 1 THEN 'user' ELSE 'assistant' END,
         t.text || ' ref' || t.n || k, c.last_activity_at - make_interval(mins => 10 - k)
       FROM (SELECT *, row_number() OVER () AS at FROM chat_conversation) c, generate_series(1, %(said)s) k,
         LATERAL (SELECT * FROM made WHERE n = 1 + (c.at * 7919 + k * 104729) %% %(texts)s) t""",
    """INSERT INTO chat_generation (id, message_id, user_id, team_id, deployment_id, client_id, state, reason, attempt,
         failures, rounds, stop_requested, model_name, model_sha256, parameters, seed, prompt_tokens, prefilled_tokens,
         output_tokens, decode_seconds, left_out, left_premises, ended_at)
       SELECT gen_random_uuid(), m.id, c.owner_id, c.team_id, %(deployment)s, gen_random_uuid(), 'done', '', 1, 0, 1,
         false, 'Stub', '', '{}', 1, 10, 10, 10, 1, 0, false, c.last_activity_at
       FROM chat_message m JOIN chat_conversation c ON c.id = m.conversation_id WHERE m.role = 'assistant'""",
    """UPDATE chat_conversation c SET head_id = m.id FROM chat_message m
       WHERE m.conversation_id = c.id AND m.created_at = c.last_activity_at""",
)

INDEX = import_module("chat.migrations.0010_search").INDEX[-1].replace("CONCURRENTLY", "")


def _people() -> None:
    from accounts.models import Team, User

    Team.objects.bulk_create(Team(name=f"Team {n}") for n in range(TEAMS))
    people = [User(email=f"p{n}@example.org", display_name=f"P {n}", password="!") for n in range(1, PEOPLE + 1)]
    User.objects.bulk_create(people, batch_size=1000)


def vocabulary(dice: random.Random) -> list[str]:
    """Return words that nobody speaks, each once."""
    found = {"".join(dice.choices(SOUNDS, k=dice.choice((2, 3, 3, 4, 5)))): None for _ in range(3 * WORDS)}
    return ["the", "of", "and", "to", *list(found)[: WORDS - 4]]


def texts(dice: random.Random, words: list[str]) -> list[str]:
    """Return texts of 20 to 160 words, by Zipf's law: the tenth word is ten times as rare as the first."""
    weights = [1 / (rank + 2) for rank in range(len(words))]
    drawn = iter(dice.choices(words, weights, k=TEXTS * 160))
    return [" ".join(next(drawn) for _ in range(dice.randrange(20, 160))) for _ in range(TEXTS)]


def fill(superuser: Any, deployment: Any) -> list[str]:
    """Fill an empty database that has been migrated. Return its vocabulary, the most common words first."""
    dice = random.Random(5)
    words = vocabulary(dice)
    superuser.execute("CREATE TEMPORARY TABLE made (n int PRIMARY KEY, text text)")
    with superuser.cursor().copy("COPY made FROM STDIN") as copy:
        for number, text in enumerate(texts(dice, words), 1):
            copy.write_row((number, text))
    _people()
    facts = {"teams": TEAMS, "people": PEOPLE, "chats": CHATS, "said": SAID, "heavy": HEAVY, "texts": TEXTS}
    superuser.execute("DROP INDEX chat_message_by_words")  # built at the end, a million rows sooner
    for statement in FILL:
        superuser.execute(statement, facts | {"deployment": deployment})
    superuser.execute(INDEX)
    superuser.execute("VACUUM ANALYZE")
    return words
