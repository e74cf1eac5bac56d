-- Keeps photo_cells and photo_bands exact, whoever changes photos and however. PostgreSQL runs these triggers once a statement, under the
-- lock of the owner whose photos change: all rows of an owner are written by who holds it. Of the photo that a row names,
-- the one that came last is kept; when that leaves, any other of the cell follows it, found in the finest cell and handed
-- up. A line of four dashes ends a statement.
CREATE FUNCTION photo_cell(degrees double precision, span double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT greatest(0, least(1048575, floor((degrees + span / 2.0) * 1048576.0 / span)::bigint))
$$
----
CREATE TYPE photo_place AS (owner_id bigint, visibility smallint, y bigint, x bigint, photo_id bigint)
----
CREATE FUNCTION change_photo_cells(gone photo_place[], came photo_place[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    at smallint;
BEGIN
    PERFORM pg_advisory_xact_lock(20, (owner_id % 2147483647)::int)
    FROM (SELECT DISTINCT owner_id FROM unnest(gone || came) ORDER BY owner_id) AS involved;

    INSERT INTO photo_cells AS kept (owner_id, depth, y, x, visibility, count, photo_id)
    SELECT owner_id, depth, y >> (20 - depth), x >> (20 - depth), visibility, count(*), max(photo_id)
    FROM unnest(came), unnest(ARRAY[4, 8, 12, 16, 20]) AS depth
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (owner_id, depth, y, x, visibility) DO UPDATE SET
        count = kept.count + excluded.count, photo_id = greatest(kept.photo_id, excluded.photo_id);

    FOREACH at IN ARRAY CASE WHEN cardinality(gone) > 0 THEN ARRAY[20, 16, 12, 8, 4]::smallint[] ELSE '{}' END LOOP
        UPDATE photo_cells AS kept SET
            count = kept.count - cells.count,
            photo_id = CASE WHEN kept.photo_id = ANY (cells.photos) THEN NULL ELSE kept.photo_id END
        FROM (
            SELECT owner_id, y >> (20 - at) AS y, x >> (20 - at) AS x, visibility, count(*), array_agg(photo_id) AS photos
            FROM unnest(gone) GROUP BY 1, 2, 3, 4
        ) AS cells
        WHERE kept.owner_id = cells.owner_id AND kept.depth = at AND kept.y = cells.y AND kept.x = cells.x
            AND kept.visibility = cells.visibility;

        DELETE FROM photo_cells AS kept USING unnest(gone) AS left_it
        WHERE kept.owner_id = left_it.owner_id AND kept.depth = at AND kept.y = left_it.y >> (20 - at)
            AND kept.x = left_it.x >> (20 - at) AND kept.visibility = left_it.visibility AND kept.count = 0;

        UPDATE photo_cells AS kept SET photo_id = CASE WHEN at = 20 THEN (
            SELECT id FROM photos
            WHERE photos.owner_id = kept.owner_id AND photos.deleted_at IS NULL AND photos.gps_latitude IS NOT NULL
                AND photos.gps_latitude BETWEEN kept.y * 180.0 / 1048576.0 - 90.000001
                    AND (kept.y + 1) * 180.0 / 1048576.0 - 89.999999
                AND photos.visibility = kept.visibility
                AND photo_cell(photos.gps_latitude, 180.0) = kept.y
                AND photo_cell(photos.gps_longitude, 360.0) = kept.x
            LIMIT 1
        ) ELSE (
            SELECT finer.photo_id FROM photo_cells AS finer
            WHERE finer.owner_id = kept.owner_id AND finer.depth = at + 4 AND finer.visibility = kept.visibility
                AND finer.y BETWEEN kept.y << 4 AND (kept.y << 4) + 15
                AND finer.x BETWEEN kept.x << 4 AND (kept.x << 4) + 15
            LIMIT 1
        ) END
        FROM (SELECT DISTINCT owner_id, y >> (20 - at) AS y, x >> (20 - at) AS x, visibility FROM unnest(gone)) AS cells
        WHERE kept.owner_id = cells.owner_id AND kept.depth = at AND kept.y = cells.y AND kept.x = cells.x
            AND kept.visibility = cells.visibility AND kept.photo_id IS NULL;
    END LOOP;
END
$$
----
CREATE FUNCTION photos_come_to_a_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM change_photo_cells('{}', array_agg(place))
    FROM (
        SELECT (
            owner_id, visibility, photo_cell(gps_latitude, 180.0), photo_cell(gps_longitude, 360.0), id
        )::photo_place AS place
        FROM new_photos WHERE deleted_at IS NULL AND gps_latitude IS NOT NULL AND gps_longitude IS NOT NULL
    ) AS places HAVING count(*) > 0;
    RETURN NULL;
END
$$
----
CREATE FUNCTION photos_go_from_a_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM change_photo_cells(array_agg(place), '{}')
    FROM (
        SELECT (
            owner_id, visibility, photo_cell(gps_latitude, 180.0), photo_cell(gps_longitude, 360.0), id
        )::photo_place AS place
        FROM old_photos WHERE deleted_at IS NULL AND gps_latitude IS NOT NULL AND gps_longitude IS NOT NULL
    ) AS places HAVING count(*) > 0;
    RETURN NULL;
END
$$
----
CREATE FUNCTION photos_change_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM change_photo_cells(
        coalesce(array_agg(place) FILTER (WHERE NOT is_new), '{}'), coalesce(array_agg(place) FILTER (WHERE is_new), '{}')
    )
    FROM (
        SELECT is_new, (
            owner_id, visibility, photo_cell(gps_latitude, 180.0), photo_cell(gps_longitude, 360.0), id
        )::photo_place AS place
        FROM (
            SELECT true AS is_new, id, owner_id, visibility, gps_latitude, gps_longitude FROM (
                SELECT id, owner_id, visibility, gps_latitude, gps_longitude FROM new_photos WHERE deleted_at IS NULL
                EXCEPT
                SELECT id, owner_id, visibility, gps_latitude, gps_longitude FROM old_photos WHERE deleted_at IS NULL
            ) AS arrived
            UNION ALL
            SELECT false, id, owner_id, visibility, gps_latitude, gps_longitude FROM (
                SELECT id, owner_id, visibility, gps_latitude, gps_longitude FROM old_photos WHERE deleted_at IS NULL
                EXCEPT
                SELECT id, owner_id, visibility, gps_latitude, gps_longitude FROM new_photos WHERE deleted_at IS NULL
            ) AS departed
        ) AS both_sides
        WHERE gps_latitude IS NOT NULL AND gps_longitude IS NOT NULL
    ) AS places HAVING count(*) > 0;
    RETURN NULL;
END
$$
----
CREATE TRIGGER photos_come_to_a_place AFTER INSERT ON photos
REFERENCING NEW TABLE AS new_photos FOR EACH STATEMENT EXECUTE FUNCTION photos_come_to_a_place()
----
CREATE TRIGGER photos_go_from_a_place AFTER DELETE ON photos
REFERENCING OLD TABLE AS old_photos FOR EACH STATEMENT EXECUTE FUNCTION photos_go_from_a_place()
----
CREATE TRIGGER photos_change_place AFTER UPDATE ON photos
REFERENCING OLD TABLE AS old_photos NEW TABLE AS new_photos FOR EACH STATEMENT EXECUTE FUNCTION photos_change_place()
----
INSERT INTO photo_cells (owner_id, depth, y, x, visibility, count, photo_id)
SELECT owner_id, depth, y >> (20 - depth), x >> (20 - depth), visibility, count(*), max(id)
FROM (
    SELECT
        id, owner_id, visibility, photo_cell(gps_latitude, 180.0) AS y, photo_cell(gps_longitude, 360.0) AS x
    FROM photos WHERE deleted_at IS NULL AND gps_latitude IS NOT NULL AND gps_longitude IS NOT NULL
) AS placed, unnest(ARRAY[4, 8, 12, 16, 20]) AS depth
GROUP BY 1, 2, 3, 4, 5
----
CREATE FUNCTION photos_come_with_a_hash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO photo_bands (owner_id, band, photo_id, hash)
    SELECT owner_id, part * 65536 + ((perceptual_hash >> (48 - 16 * part)) & 65535), id, perceptual_hash
    FROM new_photos, generate_series(0, 3) AS part WHERE perceptual_hash IS NOT NULL;
    INSERT INTO unpaired_photos (photo_id, owner_id)
    SELECT id, owner_id FROM new_photos WHERE perceptual_hash IS NOT NULL;
    RETURN NULL;
END
$$
----
CREATE FUNCTION photos_go_with_a_hash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM photo_bands USING old_photos WHERE photo_bands.photo_id = old_photos.id;
    RETURN NULL;
END
$$
----
CREATE FUNCTION photos_change_hash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM photo_bands WHERE photo_id = new.id;
    DELETE FROM photo_pairs WHERE photo_id = new.id OR other_id = new.id;
    DELETE FROM unpaired_photos WHERE photo_id = new.id;
    IF new.perceptual_hash IS NOT NULL THEN
        INSERT INTO photo_bands (owner_id, band, photo_id, hash)
        SELECT
            new.owner_id, part * 65536 + ((new.perceptual_hash >> (48 - 16 * part)) & 65535), new.id, new.perceptual_hash
        FROM generate_series(0, 3) AS part;
        INSERT INTO unpaired_photos (photo_id, owner_id) VALUES (new.id, new.owner_id);
    END IF;
    RETURN NULL;
END
$$
----
CREATE TRIGGER photos_come_with_a_hash AFTER INSERT ON photos
REFERENCING NEW TABLE AS new_photos FOR EACH STATEMENT EXECUTE FUNCTION photos_come_with_a_hash()
----
CREATE TRIGGER photos_go_with_a_hash AFTER DELETE ON photos
REFERENCING OLD TABLE AS old_photos FOR EACH STATEMENT EXECUTE FUNCTION photos_go_with_a_hash()
----
CREATE TRIGGER photos_change_hash AFTER UPDATE OF perceptual_hash, owner_id ON photos
FOR EACH ROW WHEN (old.perceptual_hash IS DISTINCT FROM new.perceptual_hash OR old.owner_id <> new.owner_id)
EXECUTE FUNCTION photos_change_hash()
----
INSERT INTO photo_bands (owner_id, band, photo_id, hash)
SELECT owner_id, part * 65536 + ((perceptual_hash >> (48 - 16 * part)) & 65535), id, perceptual_hash
FROM photos, generate_series(0, 3) AS part WHERE perceptual_hash IS NOT NULL
----
INSERT INTO unpaired_photos (photo_id, owner_id) SELECT id, owner_id FROM photos WHERE perceptual_hash IS NOT NULL
