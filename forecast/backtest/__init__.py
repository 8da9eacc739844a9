"""Past seasons forecast from the others, scored beside what one would use instead."""
