"""What is kept of people, for how long, and what becomes of it: retention, and the erasure of one person."""
