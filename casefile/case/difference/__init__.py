"""Comparing two versions of a case file or of a row."""
