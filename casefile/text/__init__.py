"""Text: made inert for a terminal, measured in cells, compared, put into words."""
