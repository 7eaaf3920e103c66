"""The screen; nothing outside this package knows Textual."""
