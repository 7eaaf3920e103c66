"""Reading the settings for a verb: what is wrong in them is told, and is no part of the result."""

from __future__ import annotations

from casefile.config import Config, read_config
from casefile.console import FINE, print_errors
from casefile.places import Places


def read_settings(places: Places) -> Config:
    """Return the settings; print what is wrong in them to standard error."""
    config = read_config(places)
    print_errors(map(str, config.problems), FINE)
    return config
