"""The checks of a case file that could be read, a module for each subject."""
