-- When a tile goes, however it goes, the name of its pixels is written down in the same transaction.
CREATE TRIGGER analysis_tiles_go AFTER DELETE ON analysis_tiles WHEN old.pixels_key IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO abandoned_blobs (key, since)
    VALUES (old.pixels_key, strftime('%Y-%m-%d %H:%M:%f000', 'now'));
END
