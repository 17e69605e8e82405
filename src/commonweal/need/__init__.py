"""What does each person need? Levels of need, segments, scores, risk and inequality, from the linked record."""
