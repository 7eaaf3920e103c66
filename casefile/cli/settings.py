"""Reading the settings for a verb: problems are printed, and do not change the exit code."""

from __future__ import annotations

from casefile.config import Config, read_config
from casefile.console import FINE, print_errors
from casefile.places import Places


def read_settings(places: Places) -> Config:
    """Return the settings, once the problems in them are printed to standard error."""
    config = read_config(places)
    print_errors(map(str, config.problems), FINE)
    return config
