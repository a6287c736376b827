"""Everything by which an entry is found, in one index; and a cut that lets others write while it deletes."""

# The characters between the parts stand in no verb, result, kind or id that a filter takes.
TAGS = """
CREATE FUNCTION audit_tags(body text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_remove(array[
        'verb ' || (whole ->> 'verb'), 'result ' || (whole ->> 'result'), 'actor ' || (whole -> 'actor' ->> 'id')
    ], NULL) || array(
        SELECT DISTINCT tag FROM jsonb_array_elements(whole -> 'targets') AS target, unnest(array[
            'kind ' || (target ->> 'kind'), 'id ' || (target ->> 'id'),
            'target ' || (target ->> 'kind') || ' ' || (target ->> 'id')
        ]) AS tag WHERE tag IS NOT NULL
    ) FROM (SELECT body::jsonb AS whole) AS read
$$;

-- Without a list of what is pending: emptying it would fall to somebody who holds the head of the chain.
CREATE INDEX audit_by_tags ON audit_entry USING gin (audit_tags(body)) WITH (fastupdate = off);
DROP INDEX audit_by_target;
ANALYZE audit_entry;
"""

# Rows are deleted before the head is locked, so that nobody waits for it. Of two cuts at once the second finds its
# checkpoint behind the beginning and is taken back.
PRUNE = """
CREATE OR REPLACE FUNCTION audit_prune(days integer, checkpoint bigint, checkpoint_hash text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head public.audit_head%ROWTYPE;
    cut bigint;
BEGIN
    IF days IS NULL OR days < 183 THEN
        RAISE EXCEPTION 'The audit log is kept for 183 days at least.' USING ERRCODE = 'check_violation';
    END IF;
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
    SELECT * INTO STRICT head FROM public.audit_head WHERE id = 1 FOR UPDATE;
    IF head.first_seq > checkpoint OR head.seq < checkpoint THEN
        RAISE EXCEPTION 'The checkpoint is not in the log.' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.audit_head SET first_seq = checkpoint + 1, first_prev = checkpoint_hash WHERE id = 1;
    INSERT INTO public.audit_entry (body) VALUES (format(
        '{"actor":{"address":null,"id":null,"kind":"system","session":null},"changes":{},'
        '"facts":{"checkpoint_hash":"%s","days":%s,"entries":%s,"first_seq":%s},'
        '"result":"done","targets":[],"v":1,"verb":"audit.pruned"}',
        checkpoint_hash, days, cut, checkpoint + 1));
    RETURN cut;
END $$;
"""

AWAY = """
CREATE INDEX audit_by_target ON audit_entry USING gin (target_ids);
DROP INDEX audit_by_tags;
DROP FUNCTION audit_tags(text);
"""
