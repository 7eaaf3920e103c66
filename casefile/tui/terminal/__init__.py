"""Terminal driver, input decoding, the queue of keys, and saving what is typed in a crash."""
