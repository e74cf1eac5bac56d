-- Keeps photo_days and shared_days exact, and photo_tags.sort_ts equal to the photo's, whoever changes photos and however.
-- PostgreSQL runs these triggers once a statement. Counters are shared by many writers, and a transaction may change them
-- in several statements: each first takes its owner's lock, then everybody's where photos are shared, so that none of two
-- can wait for the other. A line of four dashes ends a statement.
CREATE FUNCTION photo_day(taken_at timestamp, sort_ts bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN taken_at IS NULL THEN -2147483648
                ELSE (sort_ts - (sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END
$$
----
CREATE FUNCTION change_photo_days(owners bigint[], days bigint[], levels smallint[], changes bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(20, (owner_id % 2147483647)::int)
    FROM (SELECT DISTINCT unnest(owners) AS owner_id ORDER BY 1) AS involved;
    IF 2 <= ANY (levels) THEN
        PERFORM pg_advisory_xact_lock(20, -1);
    END IF;

    INSERT INTO photo_days (owner_id, day, visibility, count)
    SELECT owner_id, day, visibility, change
    FROM unnest(owners, days, levels, changes) AS net (owner_id, day, visibility, change)
    ORDER BY owner_id, day, visibility
    ON CONFLICT (owner_id, day, visibility) DO UPDATE SET count = photo_days.count + excluded.count;

    INSERT INTO shared_days (day, visibility, count)
    SELECT day, visibility, sum(change)
    FROM unnest(days, levels, changes) AS net (day, visibility, change)
    WHERE visibility >= 2
    GROUP BY day, visibility HAVING sum(change) <> 0
    ORDER BY day, visibility
    ON CONFLICT (day, visibility) DO UPDATE SET count = shared_days.count + excluded.count;

    IF -1 >= ANY (changes) THEN
        DELETE FROM photo_days USING unnest(owners, days, levels) AS gone (owner_id, day, visibility)
        WHERE photo_days.owner_id = gone.owner_id AND photo_days.day = gone.day
          AND photo_days.visibility = gone.visibility AND photo_days.count = 0;
        DELETE FROM shared_days USING unnest(days, levels) AS gone (day, visibility)
        WHERE shared_days.day = gone.day AND shared_days.visibility = gone.visibility AND shared_days.count = 0;
    END IF;
END
$$
----
CREATE FUNCTION photos_come() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM change_photo_days(array_agg(owner_id), array_agg(day), array_agg(visibility), array_agg(change))
    FROM (
        SELECT owner_id, photo_day(taken_at, sort_ts) AS day, visibility, count(*) AS change
        FROM new_photos WHERE deleted_at IS NULL GROUP BY 1, 2, 3
    ) AS net HAVING count(*) > 0;
    RETURN NULL;
END
$$
----
CREATE FUNCTION photos_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM change_photo_days(array_agg(owner_id), array_agg(day), array_agg(visibility), array_agg(change))
    FROM (
        SELECT owner_id, photo_day(taken_at, sort_ts) AS day, visibility, -count(*) AS change
        FROM old_photos WHERE deleted_at IS NULL GROUP BY 1, 2, 3
    ) AS net HAVING count(*) > 0;
    RETURN NULL;
END
$$
----
CREATE FUNCTION photos_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM change_photo_days(array_agg(owner_id), array_agg(day), array_agg(visibility), array_agg(change))
    FROM (
        SELECT owner_id, day, visibility, sum(change)::bigint AS change
        FROM (
            SELECT owner_id, photo_day(taken_at, sort_ts) AS day, visibility, 1 AS change
            FROM new_photos WHERE deleted_at IS NULL
            UNION ALL
            SELECT owner_id, photo_day(taken_at, sort_ts), visibility, -1
            FROM old_photos WHERE deleted_at IS NULL
        ) AS both_sides
        GROUP BY 1, 2, 3 HAVING sum(change) <> 0
    ) AS net HAVING count(*) > 0;
    RETURN NULL;
END
$$
----
CREATE FUNCTION photos_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE photo_tags SET sort_ts = new.sort_ts WHERE photo_id = new.id;
    RETURN NULL;
END
$$
----
CREATE TRIGGER photos_come AFTER INSERT ON photos
REFERENCING NEW TABLE AS new_photos FOR EACH STATEMENT EXECUTE FUNCTION photos_come()
----
CREATE TRIGGER photos_go AFTER DELETE ON photos
REFERENCING OLD TABLE AS old_photos FOR EACH STATEMENT EXECUTE FUNCTION photos_go()
----
CREATE TRIGGER photos_change AFTER UPDATE ON photos
REFERENCING OLD TABLE AS old_photos NEW TABLE AS new_photos FOR EACH STATEMENT EXECUTE FUNCTION photos_change()
----
CREATE TRIGGER photos_move AFTER UPDATE OF sort_ts ON photos
FOR EACH ROW WHEN (old.sort_ts <> new.sort_ts) EXECUTE FUNCTION photos_move()
----
CREATE TABLE photo_search (
    photo_id bigint PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
    words tsvector NOT NULL
)
----
CREATE INDEX ix_photo_search_words ON photo_search USING gin (words) WITH (fastupdate = off)
