"""What is remembered between two runs: private files in the state directory, none of them vital."""
