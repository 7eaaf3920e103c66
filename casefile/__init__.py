"""casefile: a case file read, checked against its sources and annotated in the terminal."""

__version__ = "0.1.0"
