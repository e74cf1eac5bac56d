-- When a row goes, however it goes, the names of its objects are written down in the same transaction.
CREATE TRIGGER uploads_go AFTER DELETE ON uploads
BEGIN
    INSERT OR IGNORE INTO abandoned_blobs (key, since)
    SELECT key, strftime('%Y-%m-%d %H:%M:%f000', 'now')
    FROM (SELECT old.original_key AS key UNION ALL SELECT old.thumbnail_key) WHERE key IS NOT NULL;
END
----
CREATE TRIGGER analyses_go AFTER DELETE ON analyses WHEN old.annotated_key IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO abandoned_blobs (key, since)
    VALUES (old.annotated_key, strftime('%Y-%m-%d %H:%M:%f000', 'now'));
END
----
CREATE TRIGGER partial_uploads_go AFTER DELETE ON partial_uploads
BEGIN
    INSERT OR IGNORE INTO abandoned_blobs (key, since)
    SELECT value, strftime('%Y-%m-%d %H:%M:%f000', 'now') FROM json_each(old.pieces);
END
