"""Dates: parsing EDTF and dates in words, comparing them, and formatting them for display."""
