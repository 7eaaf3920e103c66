"""State that is kept between runs in private files, none of them vital."""
