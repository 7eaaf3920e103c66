"""The order of a timeline: what stands on it, before what, and on what that rests."""
