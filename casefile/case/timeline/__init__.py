"""The timeline: which entries are on it, and in what order."""
