"""Made-up streams of a marketplace: for benchmarks, demonstrations, and trying out policies."""
