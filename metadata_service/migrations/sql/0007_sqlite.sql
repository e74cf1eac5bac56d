-- Keeps photo_cells and photo_bands exact, whoever changes photos and however. SQLite runs triggers row by row, for rows that a foreign key
-- deletes too. Of the photo that a row names, the one that came last is kept; when that leaves, any other of the cell
-- follows it, found in the finest cell and handed up. A line of four dashes ends a statement.
CREATE TRIGGER photos_come_to_a_place AFTER INSERT ON photos
WHEN new.deleted_at IS NULL AND new.gps_latitude IS NOT NULL AND new.gps_longitude IS NOT NULL
BEGIN
    INSERT INTO photo_cells (owner_id, depth, y, x, visibility, count, photo_id)
    SELECT
        new.owner_id, depth,
        max(0, min(1048575, CAST((new.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> (20 - depth),
        max(0, min(1048575, CAST((new.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> (20 - depth),
        new.visibility, 1, new.id
    FROM (SELECT 4 AS depth UNION ALL SELECT 8 UNION ALL SELECT 12 UNION ALL SELECT 16 UNION ALL SELECT 20) AS depths
    WHERE true
    ON CONFLICT (owner_id, depth, y, x, visibility) DO UPDATE SET
        count = count + 1, photo_id = coalesce(max(photo_id, excluded.photo_id), excluded.photo_id);
END
----
CREATE TRIGGER photos_go_from_a_place AFTER DELETE ON photos
WHEN old.deleted_at IS NULL AND old.gps_latitude IS NOT NULL AND old.gps_longitude IS NOT NULL
BEGIN
    UPDATE photo_cells SET count = count - 1, photo_id = nullif(photo_id, old.id)
    WHERE owner_id = old.owner_id AND depth = 20 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER)))
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER)));
    DELETE FROM photo_cells
    WHERE count = 0 AND owner_id = old.owner_id AND depth = 20 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER)))
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER)));
    UPDATE photo_cells SET photo_id = (
        SELECT id FROM photos
        WHERE photos.owner_id = old.owner_id AND photos.deleted_at IS NULL AND photos.gps_latitude IS NOT NULL
            AND photos.gps_latitude BETWEEN photo_cells.y * 180.0 / 1048576.0 - 90.000001
                AND (photo_cells.y + 1) * 180.0 / 1048576.0 - 89.999999
            AND photos.visibility = old.visibility AND photos.gps_longitude IS NOT NULL
            AND max(0, min(1048575, CAST((photos.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) = photo_cells.y
            AND max(0, min(1048575, CAST((photos.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) = photo_cells.x
        LIMIT 1
    )
    WHERE photo_id IS NULL AND owner_id = old.owner_id AND depth = 20 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER)))
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER)));
    UPDATE photo_cells SET count = count - 1, photo_id = nullif(photo_id, old.id)
    WHERE owner_id = old.owner_id AND depth = 16 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 4
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 4;
    DELETE FROM photo_cells
    WHERE count = 0 AND owner_id = old.owner_id AND depth = 16 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 4
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 4;
    UPDATE photo_cells SET photo_id = (
        SELECT finer.photo_id FROM photo_cells AS finer
        WHERE finer.owner_id = old.owner_id AND finer.depth = 20 AND finer.visibility = old.visibility
            AND finer.y BETWEEN photo_cells.y << 4 AND (photo_cells.y << 4) + 15
            AND finer.x BETWEEN photo_cells.x << 4 AND (photo_cells.x << 4) + 15
        LIMIT 1
    )
    WHERE photo_id IS NULL AND owner_id = old.owner_id AND depth = 16 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 4
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 4;
    UPDATE photo_cells SET count = count - 1, photo_id = nullif(photo_id, old.id)
    WHERE owner_id = old.owner_id AND depth = 12 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 8
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 8;
    DELETE FROM photo_cells
    WHERE count = 0 AND owner_id = old.owner_id AND depth = 12 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 8
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 8;
    UPDATE photo_cells SET photo_id = (
        SELECT finer.photo_id FROM photo_cells AS finer
        WHERE finer.owner_id = old.owner_id AND finer.depth = 16 AND finer.visibility = old.visibility
            AND finer.y BETWEEN photo_cells.y << 4 AND (photo_cells.y << 4) + 15
            AND finer.x BETWEEN photo_cells.x << 4 AND (photo_cells.x << 4) + 15
        LIMIT 1
    )
    WHERE photo_id IS NULL AND owner_id = old.owner_id AND depth = 12 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 8
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 8;
    UPDATE photo_cells SET count = count - 1, photo_id = nullif(photo_id, old.id)
    WHERE owner_id = old.owner_id AND depth = 8 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 12
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 12;
    DELETE FROM photo_cells
    WHERE count = 0 AND owner_id = old.owner_id AND depth = 8 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 12
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 12;
    UPDATE photo_cells SET photo_id = (
        SELECT finer.photo_id FROM photo_cells AS finer
        WHERE finer.owner_id = old.owner_id AND finer.depth = 12 AND finer.visibility = old.visibility
            AND finer.y BETWEEN photo_cells.y << 4 AND (photo_cells.y << 4) + 15
            AND finer.x BETWEEN photo_cells.x << 4 AND (photo_cells.x << 4) + 15
        LIMIT 1
    )
    WHERE photo_id IS NULL AND owner_id = old.owner_id AND depth = 8 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 12
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 12;
    UPDATE photo_cells SET count = count - 1, photo_id = nullif(photo_id, old.id)
    WHERE owner_id = old.owner_id AND depth = 4 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 16
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 16;
    DELETE FROM photo_cells
    WHERE count = 0 AND owner_id = old.owner_id AND depth = 4 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 16
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 16;
    UPDATE photo_cells SET photo_id = (
        SELECT finer.photo_id FROM photo_cells AS finer
        WHERE finer.owner_id = old.owner_id AND finer.depth = 8 AND finer.visibility = old.visibility
            AND finer.y BETWEEN photo_cells.y << 4 AND (photo_cells.y << 4) + 15
            AND finer.x BETWEEN photo_cells.x << 4 AND (photo_cells.x << 4) + 15
        LIMIT 1
    )
    WHERE photo_id IS NULL AND owner_id = old.owner_id AND depth = 4 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 16
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 16;
END
----
CREATE TRIGGER photos_leave_a_place AFTER UPDATE OF owner_id, visibility, deleted_at, gps_latitude, gps_longitude ON photos
WHEN old.deleted_at IS NULL AND old.gps_latitude IS NOT NULL AND old.gps_longitude IS NOT NULL AND (
    new.owner_id <> old.owner_id OR new.visibility <> old.visibility
    OR new.gps_latitude IS NOT old.gps_latitude OR new.gps_longitude IS NOT old.gps_longitude
    OR new.deleted_at IS NOT old.deleted_at
)
BEGIN
    UPDATE photo_cells SET count = count - 1, photo_id = nullif(photo_id, old.id)
    WHERE owner_id = old.owner_id AND depth = 20 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER)))
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER)));
    DELETE FROM photo_cells
    WHERE count = 0 AND owner_id = old.owner_id AND depth = 20 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER)))
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER)));
    UPDATE photo_cells SET photo_id = (
        SELECT id FROM photos
        WHERE photos.owner_id = old.owner_id AND photos.deleted_at IS NULL AND photos.gps_latitude IS NOT NULL
            AND photos.gps_latitude BETWEEN photo_cells.y * 180.0 / 1048576.0 - 90.000001
                AND (photo_cells.y + 1) * 180.0 / 1048576.0 - 89.999999
            AND photos.visibility = old.visibility AND photos.gps_longitude IS NOT NULL
            AND max(0, min(1048575, CAST((photos.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) = photo_cells.y
            AND max(0, min(1048575, CAST((photos.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) = photo_cells.x
        LIMIT 1
    )
    WHERE photo_id IS NULL AND owner_id = old.owner_id AND depth = 20 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER)))
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER)));
    UPDATE photo_cells SET count = count - 1, photo_id = nullif(photo_id, old.id)
    WHERE owner_id = old.owner_id AND depth = 16 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 4
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 4;
    DELETE FROM photo_cells
    WHERE count = 0 AND owner_id = old.owner_id AND depth = 16 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 4
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 4;
    UPDATE photo_cells SET photo_id = (
        SELECT finer.photo_id FROM photo_cells AS finer
        WHERE finer.owner_id = old.owner_id AND finer.depth = 20 AND finer.visibility = old.visibility
            AND finer.y BETWEEN photo_cells.y << 4 AND (photo_cells.y << 4) + 15
            AND finer.x BETWEEN photo_cells.x << 4 AND (photo_cells.x << 4) + 15
        LIMIT 1
    )
    WHERE photo_id IS NULL AND owner_id = old.owner_id AND depth = 16 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 4
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 4;
    UPDATE photo_cells SET count = count - 1, photo_id = nullif(photo_id, old.id)
    WHERE owner_id = old.owner_id AND depth = 12 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 8
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 8;
    DELETE FROM photo_cells
    WHERE count = 0 AND owner_id = old.owner_id AND depth = 12 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 8
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 8;
    UPDATE photo_cells SET photo_id = (
        SELECT finer.photo_id FROM photo_cells AS finer
        WHERE finer.owner_id = old.owner_id AND finer.depth = 16 AND finer.visibility = old.visibility
            AND finer.y BETWEEN photo_cells.y << 4 AND (photo_cells.y << 4) + 15
            AND finer.x BETWEEN photo_cells.x << 4 AND (photo_cells.x << 4) + 15
        LIMIT 1
    )
    WHERE photo_id IS NULL AND owner_id = old.owner_id AND depth = 12 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 8
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 8;
    UPDATE photo_cells SET count = count - 1, photo_id = nullif(photo_id, old.id)
    WHERE owner_id = old.owner_id AND depth = 8 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 12
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 12;
    DELETE FROM photo_cells
    WHERE count = 0 AND owner_id = old.owner_id AND depth = 8 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 12
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 12;
    UPDATE photo_cells SET photo_id = (
        SELECT finer.photo_id FROM photo_cells AS finer
        WHERE finer.owner_id = old.owner_id AND finer.depth = 12 AND finer.visibility = old.visibility
            AND finer.y BETWEEN photo_cells.y << 4 AND (photo_cells.y << 4) + 15
            AND finer.x BETWEEN photo_cells.x << 4 AND (photo_cells.x << 4) + 15
        LIMIT 1
    )
    WHERE photo_id IS NULL AND owner_id = old.owner_id AND depth = 8 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 12
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 12;
    UPDATE photo_cells SET count = count - 1, photo_id = nullif(photo_id, old.id)
    WHERE owner_id = old.owner_id AND depth = 4 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 16
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 16;
    DELETE FROM photo_cells
    WHERE count = 0 AND owner_id = old.owner_id AND depth = 4 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 16
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 16;
    UPDATE photo_cells SET photo_id = (
        SELECT finer.photo_id FROM photo_cells AS finer
        WHERE finer.owner_id = old.owner_id AND finer.depth = 8 AND finer.visibility = old.visibility
            AND finer.y BETWEEN photo_cells.y << 4 AND (photo_cells.y << 4) + 15
            AND finer.x BETWEEN photo_cells.x << 4 AND (photo_cells.x << 4) + 15
        LIMIT 1
    )
    WHERE photo_id IS NULL AND owner_id = old.owner_id AND depth = 4 AND visibility = old.visibility
        AND y = max(0, min(1048575, CAST((old.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> 16
        AND x = max(0, min(1048575, CAST((old.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> 16;
END
----
CREATE TRIGGER photos_arrive_at_a_place AFTER UPDATE OF owner_id, visibility, deleted_at, gps_latitude, gps_longitude ON photos
WHEN new.deleted_at IS NULL AND new.gps_latitude IS NOT NULL AND new.gps_longitude IS NOT NULL AND (
    new.owner_id <> old.owner_id OR new.visibility <> old.visibility
    OR new.gps_latitude IS NOT old.gps_latitude OR new.gps_longitude IS NOT old.gps_longitude
    OR new.deleted_at IS NOT old.deleted_at
)
BEGIN
    INSERT INTO photo_cells (owner_id, depth, y, x, visibility, count, photo_id)
    SELECT
        new.owner_id, depth,
        max(0, min(1048575, CAST((new.gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) >> (20 - depth),
        max(0, min(1048575, CAST((new.gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) >> (20 - depth),
        new.visibility, 1, new.id
    FROM (SELECT 4 AS depth UNION ALL SELECT 8 UNION ALL SELECT 12 UNION ALL SELECT 16 UNION ALL SELECT 20) AS depths
    WHERE true
    ON CONFLICT (owner_id, depth, y, x, visibility) DO UPDATE SET
        count = count + 1, photo_id = coalesce(max(photo_id, excluded.photo_id), excluded.photo_id);
END
----
INSERT INTO photo_cells (owner_id, depth, y, x, visibility, count, photo_id)
SELECT owner_id, depth, y >> (20 - depth), x >> (20 - depth), visibility, count(*), max(id)
FROM (
    SELECT
        id, owner_id, visibility,
        max(0, min(1048575, CAST((gps_latitude + 90.0) * 1048576.0 / 180.0 AS INTEGER))) AS y,
        max(0, min(1048575, CAST((gps_longitude + 180.0) * 1048576.0 / 360.0 AS INTEGER))) AS x
    FROM photos WHERE deleted_at IS NULL AND gps_latitude IS NOT NULL AND gps_longitude IS NOT NULL
), (SELECT 4 AS depth UNION ALL SELECT 8 UNION ALL SELECT 12 UNION ALL SELECT 16 UNION ALL SELECT 20)
GROUP BY 1, 2, 3, 4, 5
----
CREATE TRIGGER photos_come_with_a_hash AFTER INSERT ON photos
WHEN new.perceptual_hash IS NOT NULL
BEGIN
    INSERT INTO photo_bands (owner_id, band, photo_id, hash)
    SELECT new.owner_id, part * 65536 + ((new.perceptual_hash >> (48 - 16 * part)) & 65535), new.id, new.perceptual_hash
    FROM (SELECT 0 AS part UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS parts;
    INSERT INTO unpaired_photos (photo_id, owner_id) VALUES (new.id, new.owner_id);
END
----
CREATE TRIGGER photos_go_with_a_hash AFTER DELETE ON photos
WHEN old.perceptual_hash IS NOT NULL
BEGIN
    DELETE FROM photo_bands WHERE photo_id = old.id;
END
----
CREATE TRIGGER photos_change_hash AFTER UPDATE OF perceptual_hash, owner_id ON photos
WHEN new.perceptual_hash IS NOT old.perceptual_hash OR new.owner_id <> old.owner_id
BEGIN
    DELETE FROM photo_bands WHERE photo_id = new.id;
    DELETE FROM photo_pairs WHERE photo_id = new.id OR other_id = new.id;
    DELETE FROM unpaired_photos WHERE photo_id = new.id;
    INSERT INTO photo_bands (owner_id, band, photo_id, hash)
    SELECT new.owner_id, part * 65536 + ((new.perceptual_hash >> (48 - 16 * part)) & 65535), new.id, new.perceptual_hash
    FROM (SELECT 0 AS part UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS parts
    WHERE new.perceptual_hash IS NOT NULL;
    INSERT INTO unpaired_photos (photo_id, owner_id)
    SELECT new.id, new.owner_id WHERE new.perceptual_hash IS NOT NULL;
END
----
INSERT INTO photo_bands (owner_id, band, photo_id, hash)
SELECT owner_id, part * 65536 + ((perceptual_hash >> (48 - 16 * part)) & 65535), id, perceptual_hash
FROM photos, (SELECT 0 AS part UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS parts
WHERE perceptual_hash IS NOT NULL ORDER BY 1, 2, 3
----
INSERT INTO unpaired_photos (photo_id, owner_id) SELECT id, owner_id FROM photos WHERE perceptual_hash IS NOT NULL
