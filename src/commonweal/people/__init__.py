"""What do we know of each person? The linked record of a place: read, checked, linked, or synthesised."""
