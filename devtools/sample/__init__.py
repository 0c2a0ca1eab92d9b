"""The real data set for a database to look at: read, mended, loaded, checked."""
