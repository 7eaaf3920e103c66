"""The terminal under the screen: its driver, its input, the order of keys, safety in a crash."""
