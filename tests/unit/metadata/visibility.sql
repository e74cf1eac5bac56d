-- anyone
   photos.visibility = 3 AND photos.deleted_at IS NULL

-- a user
   photos.owner_id = 7 AND photos.visibility < 2 AND photos.deleted_at IS NULL
   photos.visibility >= 2 AND photos.deleted_at IS NULL
   photos.visibility = 1 AND photos.deleted_at IS NULL AND photos.owner_id != 7 AND (EXISTS (SELECT * FROM photo_spaces, photos, space_members WHERE photo_spaces.photo_id = photos.id AND space_members.space_id = photo_spaces.space_id AND space_members.user_id = 7))

-- a user, their own
   photos.owner_id = 7 AND photos.deleted_at IS NULL

-- a user, their own, by a filter
   photos.owner_id = 7 AND photos.visibility < 2 AND photos.deleted_at IS NULL
   photos.owner_id = 7 AND photos.visibility >= 2 AND photos.deleted_at IS NULL

-- a user, private
   photos.owner_id = 7 AND photos.visibility = 0 AND photos.deleted_at IS NULL

-- a user, space
   photos.owner_id = 7 AND photos.visibility = 1 AND photos.deleted_at IS NULL
   photos.visibility = 1 AND photos.deleted_at IS NULL AND photos.owner_id != 7 AND (EXISTS (SELECT * FROM photo_spaces, photos, space_members WHERE photo_spaces.photo_id = photos.id AND space_members.space_id = photo_spaces.space_id AND space_members.user_id = 7))

-- a user, authenticated
   photos.visibility = 2 AND photos.deleted_at IS NULL

-- a user, public
   photos.visibility = 3 AND photos.deleted_at IS NULL

-- an owner as anonymous
   photos.owner_id = 7 AND photos.deleted_at IS NULL AND photos.visibility = 3 AND photos.deleted_at IS NULL

-- an owner as another user
   photos.owner_id = 7 AND photos.deleted_at IS NULL AND (photos.visibility >= 2 AND photos.deleted_at IS NULL OR photos.visibility = 1 AND photos.deleted_at IS NULL AND (EXISTS (SELECT * FROM photo_spaces, photos, space_members WHERE photo_spaces.photo_id = photos.id AND space_members.space_id = photo_spaces.space_id AND space_members.user_id = 8)))

-- an owner as a member of a space
   photos.owner_id = 7 AND photos.deleted_at IS NULL AND (photos.visibility >= 2 AND photos.deleted_at IS NULL OR photos.visibility = 1 AND photos.deleted_at IS NULL AND (EXISTS (SELECT * FROM photo_spaces, photos WHERE photo_spaces.photo_id = photos.id AND photo_spaces.space_id = 3)))

-- a visitor of a link, an owner as one
   photos.owner_id = 7 AND photos.deleted_at IS NULL AND ((EXISTS (SELECT * FROM share_link_photos, photos WHERE share_link_photos.link_id = 5 AND share_link_photos.photo_id = photos.id)) OR (EXISTS (SELECT * FROM share_links, collection_items, photos WHERE share_links.id = 5 AND share_links.collection_id = collection_items.collection_id AND collection_items.photo_id = photos.id AND collection_items.visible)))

-- what spaces show, by photo_spaces
   photo_spaces.is_shown AND photos.visibility = 1 AND photos.deleted_at IS NULL AND photo_spaces.owner_id != 7 AND (photo_spaces.is_only OR photo_spaces.space_id = (SELECT min(photo_spaces_1.space_id) AS min_1 FROM photo_spaces AS photo_spaces_1 JOIN space_members AS space_members_1 ON space_members_1.space_id = photo_spaces_1.space_id, photo_spaces WHERE photo_spaces_1.photo_id = photo_spaces.photo_id AND space_members_1.user_id = 7))

-- stories: anyone
   stories.is_published AND stories.visibility >= 3

-- stories: a user
   stories.owner_id = 7 OR stories.is_published AND stories.visibility >= 2

-- stories: an owner as anonymous
   stories.owner_id = 7 AND stories.is_published AND stories.visibility >= 3

-- stories: a visitor of a link, an owner as one
   false
