"""What is said can be searched: words of each message and each title, kept by the database itself.

Nothing rewrites a table or locks one for long: the columns begin empty, old rows are filled a thousand at a time, and
the index is built beside those who write. So it is no one transaction; run again after a break, it goes on.
"""

from django.db import connections, migrations

# Words without case and accents, so that "cafe" finds "Café". What people write is cut at whatever is no letter and no
# digit, so that parts of a path or a name in code are words; parts of camelCase are words as well, behind the whole.
# Scripts without spaces are cut at each character: what is searched there is a phrase.
WORDS = r"""
CREATE OR REPLACE FUNCTION hearth_words(source text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
  folded text;
  parts text;
BEGIN
  IF source COLLATE "C" ~ '[a-z0-9][A-Z]' THEN
    SELECT string_agg(regexp_replace(named.found[1], '([a-z0-9])([A-Z])', '\1 \2', 'g'), ' ') INTO parts
    FROM regexp_matches(source COLLATE "C", '[A-Za-z0-9]*[a-z0-9][A-Z][A-Za-z0-9]*', 'g') AS named(found);
    source := source || ' ' || coalesce(parts, '');
  END IF;
  IF octet_length(source) = length(source) THEN
    RETURN regexp_replace(lower(source COLLATE "C"), '[^a-z0-9]+', ' ', 'g');
  END IF;
  folded := normalize(lower(source COLLATE "pg_c_utf8"), NFKD);
  folded := normalize(regexp_replace(folded, '[\u0300-\u036f]+', '', 'g'), NFC);
  folded := regexp_replace(folded COLLATE "pg_c_utf8", '[^[:alnum:]]+', ' ', 'g');
  RETURN regexp_replace(folded,
    '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af])', ' \1 ', 'g');
END $$
"""

# A text of many megabytes would be no tsvector: its beginning is searched. The owner is a word that nobody can write,
# so that the index finds one person's rows among everybody's by itself; whose they are is asked of the chat all the same.
INDEXED = """
CREATE OR REPLACE FUNCTION hearth_indexed(source text, owner uuid) RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT to_tsvector('simple', left(public.hearth_words(left(source, 400000)), 450000))
    || array_to_tsvector(ARRAY['@' || coalesce(owner::text, '')])
$$
"""

# A growing answer is written once a second and has no words until it has ended.
SAID = """
CREATE OR REPLACE FUNCTION chat_message_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
BEGIN
  IF NEW.text = '' OR NEW.role = 'assistant' AND EXISTS (
    SELECT FROM chat_generation WHERE message_id = NEW.id AND state = 'running'
  ) THEN
    NEW.words := NULL;
  ELSIF TG_OP = 'INSERT' OR OLD.words IS NULL OR OLD.text IS DISTINCT FROM NEW.text THEN
    NEW.words := hearth_indexed(
      NEW.text, (SELECT owner_id FROM chat_conversation WHERE id = NEW.conversation_id)
    );
  END IF;
  RETURN NEW;
END $$
"""

# At the commit, because who ends an answer writes its text behind its state.
ENDED = """
CREATE OR REPLACE FUNCTION chat_answer_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
BEGIN
  UPDATE chat_message SET text = text WHERE id = NEW.message_id AND words IS NULL AND text <> '';
  RETURN NULL;
END $$
"""

TITLED = """
CREATE OR REPLACE FUNCTION chat_title_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
BEGIN
  NEW.words := hearth_indexed(NEW.title, NEW.owner_id);
  RETURN NEW;
END $$
"""

COLUMNS = [
    "ALTER TABLE chat_message ADD COLUMN IF NOT EXISTS words tsvector",
    "ALTER TABLE chat_conversation ADD COLUMN IF NOT EXISTS words tsvector",
]

TRIGGERS = [
    """CREATE OR REPLACE TRIGGER chat_message_words BEFORE INSERT OR UPDATE OF text ON chat_message
       FOR EACH ROW EXECUTE FUNCTION chat_message_words()""",
    "DROP TRIGGER IF EXISTS chat_answer_words ON chat_generation",
    """CREATE CONSTRAINT TRIGGER chat_answer_words AFTER UPDATE OF state ON chat_generation
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state = 'running' AND NEW.state <> 'running')
       EXECUTE FUNCTION chat_answer_words()""",
    """CREATE OR REPLACE TRIGGER chat_title_words BEFORE INSERT OR UPDATE OF title ON chat_conversation
       FOR EACH ROW EXECUTE FUNCTION chat_title_words()""",
]

# The list of what was added lately is read by every search from its beginning to its end: it is kept short.
INDEX = [
    "DROP INDEX CONCURRENTLY IF EXISTS chat_message_by_words",
    """CREATE INDEX CONCURRENTLY chat_message_by_words ON chat_message USING gin (words)
       WITH (fastupdate = on, gin_pending_list_limit = 1024) WHERE words IS NOT NULL""",
]

FILL = """
WITH part AS (SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT 1000),
  done AS (UPDATE {table} t SET {column} = t.{column} FROM part WHERE t.id = part.id AND t.words IS NULL)
SELECT id FROM part ORDER BY id DESC LIMIT 1
"""


def fill(apps, schema_editor):
    """Find the words of what is there, a thousand rows in a transaction."""
    with connections[schema_editor.connection.alias].cursor() as cursor:
        for table, column in (("chat_message", "text"), ("chat_conversation", "title")):
            last = "00000000-0000-0000-0000-000000000000"
            while last is not None:
                cursor.execute(FILL.format(table=table, column=column), [last])
                last = next(iter(cursor.fetchone() or ()), None)


AWAY = [
    "DROP TRIGGER chat_title_words ON chat_conversation",
    "DROP TRIGGER chat_answer_words ON chat_generation",
    "DROP TRIGGER chat_message_words ON chat_message",
    "ALTER TABLE chat_conversation DROP COLUMN words",
    "ALTER TABLE chat_message DROP COLUMN words",
    "DROP FUNCTION chat_title_words(), chat_answer_words(), chat_message_words()",
    "DROP FUNCTION hearth_indexed(text, uuid)",
    "DROP FUNCTION hearth_words(text)",
]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("chat", "0007_everyday"),
    ]

    operations = [
        migrations.RunSQL([*COLUMNS, WORDS, INDEXED, SAID, ENDED, TITLED, *TRIGGERS], AWAY),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(INDEX, migrations.RunSQL.noop),
    ]
