"""Stories: text with photos in it."""
