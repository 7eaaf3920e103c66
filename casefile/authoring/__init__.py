"""Case files, and what describes them, written for the user."""
