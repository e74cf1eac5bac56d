-- When a tile goes, however it goes, the name of its pixels is written down in the same transaction.
CREATE FUNCTION analysis_tiles_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO abandoned_blobs (key, since) VALUES (old.pixels_key, now()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
----
CREATE TRIGGER analysis_tiles_go AFTER DELETE ON analysis_tiles
FOR EACH ROW WHEN (old.pixels_key IS NOT NULL) EXECUTE FUNCTION analysis_tiles_go()
