-- Keeps photo_days and shared_days exact, and photo_tags.sort_ts equal to the photo's, whoever changes photos and however.
-- PostgreSQL runs these triggers once a statement. Counters are shared by many writers, and a transaction may change them
-- in several statements: each first takes its owner's lock, then everybody's where photos are shared, so that none of two
-- can wait for the other. A line of four dashes ends a statement.
CREATE FUNCTION photo_day(taken_at timestamp, sort_ts bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN taken_at IS NULL THEN -2147483648
                ELSE (sort_ts - (sort_ts % 86400000 + 86400000) % 86400000) / 86400000 END
$$
----
CREATE TYPE photo_days_change AS (owner_id bigint, day bigint, level smallint, change bigint)
----
CREATE FUNCTION change_photo_days(changes photo_days_change[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(20, (owner_id % 2147483647)::int)
    FROM (SELECT DISTINCT owner_id FROM unnest(changes) ORDER BY owner_id) AS involved;
    IF EXISTS (SELECT FROM unnest(changes) WHERE level >= 2) THEN
        PERFORM pg_advisory_xact_lock(20, -1);
    END IF;

    INSERT INTO photo_days AS kept (owner_id, day, private, space, authenticated, public)
    SELECT owner_id, day,
           coalesce(sum(change) FILTER (WHERE level = 0), 0), coalesce(sum(change) FILTER (WHERE level = 1), 0),
           coalesce(sum(change) FILTER (WHERE level = 2), 0), coalesce(sum(change) FILTER (WHERE level = 3), 0)
    FROM unnest(changes) GROUP BY owner_id, day ORDER BY owner_id, day
    ON CONFLICT (owner_id, day) DO UPDATE SET
        private = kept.private + excluded.private, space = kept.space + excluded.space,
        authenticated = kept.authenticated + excluded.authenticated, public = kept.public + excluded.public;

    INSERT INTO shared_days AS kept (day, authenticated, public)
    SELECT day,
           coalesce(sum(change) FILTER (WHERE level = 2), 0), coalesce(sum(change) FILTER (WHERE level = 3), 0)
    FROM unnest(changes) WHERE level >= 2 GROUP BY day ORDER BY day
    ON CONFLICT (day) DO UPDATE SET
        authenticated = kept.authenticated + excluded.authenticated, public = kept.public + excluded.public;

    IF EXISTS (SELECT FROM unnest(changes) WHERE change < 0) THEN
        DELETE FROM photo_days AS kept USING unnest(changes) AS gone
        WHERE kept.owner_id = gone.owner_id AND kept.day = gone.day
          AND kept.private + kept.space + kept.authenticated + kept.public = 0;
        DELETE FROM shared_days AS kept USING unnest(changes) AS gone
        WHERE kept.day = gone.day AND kept.authenticated + kept.public = 0;
    END IF;
END
$$
----
CREATE FUNCTION photos_come() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM change_photo_days(array_agg(net))
    FROM (
        SELECT (owner_id, photo_day(taken_at, sort_ts), visibility, count(*))::photo_days_change AS net
        FROM new_photos WHERE deleted_at IS NULL GROUP BY owner_id, photo_day(taken_at, sort_ts), visibility
    ) AS changes HAVING count(*) > 0;
    RETURN NULL;
END
$$
----
CREATE FUNCTION photos_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM change_photo_days(array_agg(net))
    FROM (
        SELECT (owner_id, photo_day(taken_at, sort_ts), visibility, -count(*))::photo_days_change AS net
        FROM old_photos WHERE deleted_at IS NULL GROUP BY owner_id, photo_day(taken_at, sort_ts), visibility
    ) AS changes HAVING count(*) > 0;
    RETURN NULL;
END
$$
----
CREATE FUNCTION photos_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM change_photo_days(array_agg(net))
    FROM (
        SELECT (owner_id, day, visibility, sum(change))::photo_days_change AS net
        FROM (
            SELECT owner_id, photo_day(taken_at, sort_ts) AS day, visibility, 1 AS change
            FROM new_photos WHERE deleted_at IS NULL
            UNION ALL
            SELECT owner_id, photo_day(taken_at, sort_ts), visibility, -1
            FROM old_photos WHERE deleted_at IS NULL
        ) AS both_sides
        GROUP BY owner_id, day, visibility HAVING sum(change) <> 0
    ) AS changes HAVING count(*) > 0;
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
