"""What an embedder imports: compile a policy, feed it events, read its decisions."""
