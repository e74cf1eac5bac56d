-- When a row goes, however it goes, the names of its objects are written down in the same transaction.
CREATE FUNCTION uploads_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO abandoned_blobs (key, since)
    SELECT key, now() FROM unnest(ARRAY[old.original_key, old.thumbnail_key]) AS key WHERE key IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
----
CREATE TRIGGER uploads_go AFTER DELETE ON uploads FOR EACH ROW EXECUTE FUNCTION uploads_go()
----
CREATE FUNCTION analyses_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO abandoned_blobs (key, since) VALUES (old.annotated_key, now()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
----
CREATE TRIGGER analyses_go AFTER DELETE ON analyses
FOR EACH ROW WHEN (old.annotated_key IS NOT NULL) EXECUTE FUNCTION analyses_go()
----
CREATE FUNCTION partial_uploads_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO abandoned_blobs (key, since)
    SELECT key, now() FROM jsonb_array_elements_text(old.pieces) AS key
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
----
CREATE TRIGGER partial_uploads_go AFTER DELETE ON partial_uploads
FOR EACH ROW EXECUTE FUNCTION partial_uploads_go()
