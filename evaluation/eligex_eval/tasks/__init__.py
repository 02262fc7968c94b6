"""Tasks: one module each; pairs of document and prediction in, integer counts and error lists out."""
