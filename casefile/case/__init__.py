"""A case file as frozen, typed data, with its dates, amounts, references and sources."""
