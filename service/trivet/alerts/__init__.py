"""What changed, and who is told."""
