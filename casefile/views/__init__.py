"""The case in words: panes, rows and pages, the same for a screen and for a pipe."""
