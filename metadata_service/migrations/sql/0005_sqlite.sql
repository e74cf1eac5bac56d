-- Keeps what photo_spaces repeats of photos, whether a photo is in one space only, and space_days, whoever changes them.
-- A line of four dashes ends a statement.
CREATE TRIGGER photos_respace AFTER UPDATE OF owner_id, sort_ts, taken_at, rating, visibility, deleted_at ON photos
WHEN old.owner_id <> new.owner_id OR old.sort_ts <> new.sort_ts OR (old.taken_at IS NULL) <> (new.taken_at IS NULL)
    OR old.rating <> new.rating OR (old.visibility = 1) <> (new.visibility = 1)
    OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL)
BEGIN
    UPDATE photo_spaces SET
        owner_id = new.owner_id, sort_ts = new.sort_ts, rating = new.rating,
        day = CASE WHEN new.taken_at IS NULL THEN -2147483648
                   ELSE (new.sort_ts - (new.sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END,
        is_shown = (new.visibility = 1 AND new.deleted_at IS NULL)
    WHERE photo_id = new.id;
END
----
CREATE TRIGGER photo_spaces_come AFTER INSERT ON photo_spaces
BEGIN
    INSERT INTO space_days (space_id, day, owner_id, photos)
    SELECT new.space_id, new.day, new.owner_id, 1 WHERE new.is_shown AND new.is_only
    ON CONFLICT (space_id, day, owner_id) DO UPDATE SET photos = photos + 1;
    UPDATE photo_spaces SET is_only = 0
    WHERE photo_id = new.photo_id AND is_only
      AND 1 < (SELECT count(*) FROM photo_spaces AS other WHERE other.photo_id = new.photo_id);
END
----
CREATE TRIGGER photo_spaces_go AFTER DELETE ON photo_spaces
BEGIN
    UPDATE space_days SET photos = photos - 1
    WHERE old.is_shown AND old.is_only
      AND space_id = old.space_id AND day = old.day AND owner_id = old.owner_id;
    DELETE FROM space_days
    WHERE photos = 0 AND space_id = old.space_id AND day = old.day AND owner_id = old.owner_id;
    UPDATE photo_spaces SET is_only = 1
    WHERE photo_id = old.photo_id AND NOT is_only
      AND 1 = (SELECT count(*) FROM photo_spaces AS other WHERE other.photo_id = old.photo_id);
END
----
CREATE TRIGGER photo_spaces_change AFTER UPDATE OF owner_id, day, is_shown, is_only ON photo_spaces
WHEN old.owner_id <> new.owner_id OR old.day <> new.day
    OR (old.is_shown AND old.is_only) <> (new.is_shown AND new.is_only)
BEGIN
    UPDATE space_days SET photos = photos - 1
    WHERE old.is_shown AND old.is_only
      AND space_id = old.space_id AND day = old.day AND owner_id = old.owner_id;
    DELETE FROM space_days
    WHERE photos = 0 AND space_id = old.space_id AND day = old.day AND owner_id = old.owner_id;
    INSERT INTO space_days (space_id, day, owner_id, photos)
    SELECT new.space_id, new.day, new.owner_id, 1 WHERE new.is_shown AND new.is_only
    ON CONFLICT (space_id, day, owner_id) DO UPDATE SET photos = photos + 1;
END
