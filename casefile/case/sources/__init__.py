"""The texts of sources: divided, cited, and searched for what is quoted from them."""
