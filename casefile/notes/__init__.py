"""The reader's layer: annotations, drafts, and the notebook that keeps them."""
