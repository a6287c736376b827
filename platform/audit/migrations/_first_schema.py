"""The log's table, its head, and the functions of the owner's role that alone may touch them."""

TABLES = """
CREATE FUNCTION audit_target_ids(body text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array(SELECT target ->> 'id' FROM jsonb_array_elements(body::jsonb -> 'targets') AS target)
$$;

CREATE TABLE audit_entry (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    prev char(64) NOT NULL,
    hash char(64) NOT NULL,
    body text NOT NULL CHECK (octet_length(body) <= 65536),
    verb text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'verb') STORED,
    result text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'result') STORED,
    actor_kind text NOT NULL GENERATED ALWAYS AS (body::jsonb -> 'actor' ->> 'kind') STORED,
    actor_id text GENERATED ALWAYS AS (body::jsonb -> 'actor' ->> 'id') STORED,
    target_ids text[] NOT NULL GENERATED ALWAYS AS (audit_target_ids(body)) STORED
);
CREATE INDEX audit_by_time ON audit_entry (at DESC, seq DESC);
CREATE INDEX audit_by_verb ON audit_entry (verb, at DESC, seq DESC);
CREATE INDEX audit_by_actor ON audit_entry (actor_id, at DESC, seq DESC) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_refused ON audit_entry (at DESC, seq DESC) WHERE result = 'refused';
CREATE INDEX audit_by_target ON audit_entry USING gin (target_ids);

-- One row, updated by every entry: most of its page stays free, so that new versions find room beside old ones.
CREATE TABLE audit_head (
    id smallint PRIMARY KEY CHECK (id = 1),
    seq bigint NOT NULL,
    hash char(64) NOT NULL,
    first_seq bigint NOT NULL,
    first_prev char(64) NOT NULL
) WITH (fillfactor = 10);
INSERT INTO audit_head VALUES (1, 0, repeat('0', 64), 1, repeat('0', 64));
"""

CHAIN = """
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head public.audit_head%ROWTYPE;
BEGIN
    SELECT * INTO STRICT head FROM public.audit_head WHERE id = 1 FOR UPDATE;
    NEW.seq := head.seq + 1;
    NEW.at := clock_timestamp();
    NEW.prev := head.hash;
    NEW.hash := encode(sha256(convert_to(concat_ws(E'\\n',
        head.hash, NEW.seq, (extract(epoch FROM NEW.at) * 1000000)::bigint, NEW.body), 'UTF8')), 'hex');
    UPDATE public.audit_head SET seq = NEW.seq, hash = NEW.hash WHERE id = 1;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_entry' AND current_setting('hearth.pruning', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_chain BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_refuse BEFORE DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

# The cut is made here and nowhere else. Whatever a caller sends: no younger entry than the floor allows goes, the
# cut leaves an entry, and a cut at a place that no anchor covers is found by the verification.
PRUNE = """
CREATE FUNCTION audit_prune(days integer, checkpoint bigint, checkpoint_hash text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head public.audit_head%ROWTYPE;
    cut bigint;
BEGIN
    IF days IS NULL OR days < 183 THEN
        RAISE EXCEPTION 'The audit log is kept for 183 days at least.' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO STRICT head FROM public.audit_head WHERE id = 1 FOR UPDATE;
    IF NOT EXISTS (SELECT FROM public.audit_entry WHERE seq = checkpoint AND hash = checkpoint_hash) THEN
        RAISE EXCEPTION 'The checkpoint is not in the log.' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM public.audit_entry
               WHERE at >= clock_timestamp() - make_interval(days => days) AND seq <= checkpoint) THEN
        RAISE EXCEPTION 'Entries before the checkpoint are younger than % days.', days
            USING ERRCODE = 'check_violation';
    END IF;
    PERFORM set_config('hearth.pruning', 'on', true);
    DELETE FROM public.audit_entry WHERE seq <= checkpoint;
    GET DIAGNOSTICS cut = ROW_COUNT;
    PERFORM set_config('hearth.pruning', 'off', true);
    UPDATE public.audit_head SET first_seq = checkpoint + 1, first_prev = checkpoint_hash WHERE id = 1;
    INSERT INTO public.audit_entry (body) VALUES (format(
        '{"actor":{"address":null,"id":null,"kind":"system","session":null},"changes":{},'
        '"facts":{"checkpoint_hash":"%s","days":%s,"entries":%s,"first_seq":%s},'
        '"result":"done","targets":[],"v":1,"verb":"audit.pruned"}',
        checkpoint_hash, days, cut, checkpoint + 1));
    RETURN cut;
END $$;
"""

RIGHTS = """
REVOKE ALL ON FUNCTION audit_chain() FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_refuse() FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_prune(integer, bigint, text) FROM PUBLIC;
REVOKE ALL ON audit_entry, audit_head FROM PUBLIC;
"""

AWAY = """
DROP TABLE audit_entry, audit_head;
DROP FUNCTION audit_prune(integer, bigint, text), audit_chain(), audit_refuse(), audit_target_ids(text);
"""
