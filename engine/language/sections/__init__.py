"""From authored sections to typed ones: one module for each part of a policy."""
