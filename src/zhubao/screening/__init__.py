"""Read a roster, match, decide, write back: DuckDB, and the same SQL on Spark."""
