"""What is made of records for others: flat rows, and statements of reasons."""
