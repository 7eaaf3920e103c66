"""Dates: as EDTF writes them, as people say them, and as a page words them."""
