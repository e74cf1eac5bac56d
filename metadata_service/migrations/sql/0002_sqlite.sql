-- Keeps photo_days and shared_days exact, and photo_tags.sort_ts equal to the photo's, whoever changes photos and however.
-- SQLite runs triggers row by row, for rows that a foreign key deletes too. A line of four dashes ends a statement.
CREATE TRIGGER photos_come AFTER INSERT ON photos WHEN new.deleted_at IS NULL
BEGIN
    INSERT INTO photo_days (owner_id, day, private, space, authenticated, public)
    VALUES (
        new.owner_id,
        CASE WHEN new.taken_at IS NULL THEN -2147483648
             ELSE (new.sort_ts - (new.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END,
        new.visibility = 0, new.visibility = 1, new.visibility = 2, new.visibility = 3
    )
    ON CONFLICT (owner_id, day) DO UPDATE SET
        private = private + excluded.private, space = space + excluded.space,
        authenticated = authenticated + excluded.authenticated, public = public + excluded.public;
    INSERT INTO shared_days (day, authenticated, public)
    SELECT
        CASE WHEN new.taken_at IS NULL THEN -2147483648
             ELSE (new.sort_ts - (new.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END,
        new.visibility = 2, new.visibility = 3
    WHERE new.visibility >= 2
    ON CONFLICT (day) DO UPDATE SET
        authenticated = authenticated + excluded.authenticated, public = public + excluded.public;
END
----
CREATE TRIGGER photos_go AFTER DELETE ON photos WHEN old.deleted_at IS NULL
BEGIN
    UPDATE photo_days SET
        private = private - (old.visibility = 0), space = space - (old.visibility = 1),
        authenticated = authenticated - (old.visibility = 2), public = public - (old.visibility = 3)
    WHERE owner_id = old.owner_id AND day =
        CASE WHEN old.taken_at IS NULL THEN -2147483648
             ELSE (old.sort_ts - (old.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END;
    DELETE FROM photo_days
    WHERE owner_id = old.owner_id AND private + space + authenticated + public = 0 AND day =
        CASE WHEN old.taken_at IS NULL THEN -2147483648
             ELSE (old.sort_ts - (old.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END;
    UPDATE shared_days SET
        authenticated = authenticated - (old.visibility = 2), public = public - (old.visibility = 3)
    WHERE old.visibility >= 2 AND day =
        CASE WHEN old.taken_at IS NULL THEN -2147483648
             ELSE (old.sort_ts - (old.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END;
    DELETE FROM shared_days
    WHERE old.visibility >= 2 AND authenticated + public = 0 AND day =
        CASE WHEN old.taken_at IS NULL THEN -2147483648
             ELSE (old.sort_ts - (old.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END;
END
----
CREATE TRIGGER photos_leave AFTER UPDATE OF owner_id, sort_ts, taken_at, visibility, deleted_at ON photos
WHEN old.deleted_at IS NULL AND (
    new.deleted_at IS NOT NULL OR new.owner_id <> old.owner_id OR new.visibility <> old.visibility
    OR new.sort_ts <> old.sort_ts OR (new.taken_at IS NULL) <> (old.taken_at IS NULL)
)
BEGIN
    UPDATE photo_days SET
        private = private - (old.visibility = 0), space = space - (old.visibility = 1),
        authenticated = authenticated - (old.visibility = 2), public = public - (old.visibility = 3)
    WHERE owner_id = old.owner_id AND day =
        CASE WHEN old.taken_at IS NULL THEN -2147483648
             ELSE (old.sort_ts - (old.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END;
    DELETE FROM photo_days
    WHERE owner_id = old.owner_id AND private + space + authenticated + public = 0 AND day =
        CASE WHEN old.taken_at IS NULL THEN -2147483648
             ELSE (old.sort_ts - (old.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END;
    UPDATE shared_days SET
        authenticated = authenticated - (old.visibility = 2), public = public - (old.visibility = 3)
    WHERE old.visibility >= 2 AND day =
        CASE WHEN old.taken_at IS NULL THEN -2147483648
             ELSE (old.sort_ts - (old.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END;
    DELETE FROM shared_days
    WHERE old.visibility >= 2 AND authenticated + public = 0 AND day =
        CASE WHEN old.taken_at IS NULL THEN -2147483648
             ELSE (old.sort_ts - (old.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END;
END
----
CREATE TRIGGER photos_arrive AFTER UPDATE OF owner_id, sort_ts, taken_at, visibility, deleted_at ON photos
WHEN new.deleted_at IS NULL AND (
    old.deleted_at IS NOT NULL OR new.owner_id <> old.owner_id OR new.visibility <> old.visibility
    OR new.sort_ts <> old.sort_ts OR (new.taken_at IS NULL) <> (old.taken_at IS NULL)
)
BEGIN
    INSERT INTO photo_days (owner_id, day, private, space, authenticated, public)
    VALUES (
        new.owner_id,
        CASE WHEN new.taken_at IS NULL THEN -2147483648
             ELSE (new.sort_ts - (new.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END,
        new.visibility = 0, new.visibility = 1, new.visibility = 2, new.visibility = 3
    )
    ON CONFLICT (owner_id, day) DO UPDATE SET
        private = private + excluded.private, space = space + excluded.space,
        authenticated = authenticated + excluded.authenticated, public = public + excluded.public;
    INSERT INTO shared_days (day, authenticated, public)
    SELECT
        CASE WHEN new.taken_at IS NULL THEN -2147483648
             ELSE (new.sort_ts - (new.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END,
        new.visibility = 2, new.visibility = 3
    WHERE new.visibility >= 2
    ON CONFLICT (day) DO UPDATE SET
        authenticated = authenticated + excluded.authenticated, public = public + excluded.public;
END
----
CREATE TRIGGER photos_move AFTER UPDATE OF sort_ts ON photos WHEN new.sort_ts <> old.sort_ts
BEGIN
    UPDATE photo_tags SET sort_ts = new.sort_ts WHERE photo_id = new.id;
END
----
CREATE VIRTUAL TABLE photo_search USING fts5 (
    who, shown, hidden,
    tokenize = 'ascii', detail = 'column', prefix = '2 3'
)
----
CREATE TRIGGER photos_unfind AFTER DELETE ON photos
BEGIN
    DELETE FROM photo_search WHERE rowid = old.id;
END
