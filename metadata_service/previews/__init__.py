"""The pictures themselves: hotpreviews from the database, coldpreviews from the blob store."""
