"""What leaves the engine: decision and appeal records, and what is read from them."""
