"""Named areas on the ground: photos that were taken inside belong to them."""
