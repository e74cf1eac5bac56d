-- Keeps what photo_spaces repeats of photos, whether a photo is in one space only, and space_days, whoever changes them.
-- A row of space_days counts photos of one owner, and who changes those has taken their turn: writers meet at none.
-- A line of four dashes ends a statement.
CREATE FUNCTION photos_respace() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE photo_spaces AS kept SET
        owner_id = changed.owner_id, sort_ts = changed.sort_ts, rating = changed.rating, day = changed.day,
        is_shown = changed.is_shown
    FROM (
        SELECT id, owner_id, sort_ts, rating, photo_day(taken_at, sort_ts) AS day,
               visibility = 1 AND deleted_at IS NULL AS is_shown
        FROM new_photos
    ) AS changed
    WHERE kept.photo_id = changed.id
      AND (kept.owner_id, kept.sort_ts, kept.rating, kept.day, kept.is_shown)
          <> (changed.owner_id, changed.sort_ts, changed.rating, changed.day, changed.is_shown);
    RETURN NULL;
END
$$
----
CREATE FUNCTION change_space_days(at_space bigint, at_day bigint, by_owner bigint, change bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO space_days AS kept (space_id, day, owner_id, photos) VALUES (at_space, at_day, by_owner, change)
    ON CONFLICT (space_id, day, owner_id) DO UPDATE SET photos = kept.photos + excluded.photos;
    DELETE FROM space_days WHERE space_id = at_space AND day = at_day AND owner_id = by_owner AND photos = 0;
END
$$
----
CREATE FUNCTION photo_spaces_come() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.is_shown AND new.is_only THEN
        PERFORM change_space_days(new.space_id, new.day, new.owner_id, 1);
    END IF;
    UPDATE photo_spaces SET is_only = false
    WHERE photo_id = new.photo_id AND is_only
      AND 1 < (SELECT count(*) FROM photo_spaces AS other WHERE other.photo_id = new.photo_id);
    RETURN NULL;
END
$$
----
CREATE FUNCTION photo_spaces_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.is_shown AND old.is_only THEN
        PERFORM change_space_days(old.space_id, old.day, old.owner_id, -1);
    END IF;
    UPDATE photo_spaces SET is_only = true
    WHERE photo_id = old.photo_id AND NOT is_only
      AND 1 = (SELECT count(*) FROM photo_spaces AS other WHERE other.photo_id = old.photo_id);
    RETURN NULL;
END
$$
----
CREATE FUNCTION photo_spaces_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.is_shown AND old.is_only THEN
        PERFORM change_space_days(old.space_id, old.day, old.owner_id, -1);
    END IF;
    IF new.is_shown AND new.is_only THEN
        PERFORM change_space_days(new.space_id, new.day, new.owner_id, 1);
    END IF;
    RETURN NULL;
END
$$
----
CREATE TRIGGER photos_respace AFTER UPDATE ON photos
REFERENCING NEW TABLE AS new_photos FOR EACH STATEMENT EXECUTE FUNCTION photos_respace()
----
CREATE TRIGGER photo_spaces_come AFTER INSERT ON photo_spaces FOR EACH ROW EXECUTE FUNCTION photo_spaces_come()
----
CREATE TRIGGER photo_spaces_go AFTER DELETE ON photo_spaces FOR EACH ROW EXECUTE FUNCTION photo_spaces_go()
----
CREATE TRIGGER photo_spaces_change AFTER UPDATE OF owner_id, day, is_shown, is_only ON photo_spaces FOR EACH ROW
WHEN ((old.owner_id, old.day, old.is_shown AND old.is_only) <> (new.owner_id, new.day, new.is_shown AND new.is_only))
EXECUTE FUNCTION photo_spaces_change()
