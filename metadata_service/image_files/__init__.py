"""The files of photos and where they lie: corrected, found again after they moved, told where one copy is all."""
