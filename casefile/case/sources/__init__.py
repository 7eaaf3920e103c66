"""The texts of sources: their division, the cites of them and the search for quotations."""
