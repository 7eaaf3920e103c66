"""What panes, rows and pages say, as data and text, for the screen and for plain output."""
