"""Why a photo says what it says: the evidence for its time, place, camera and size, for its owner."""
