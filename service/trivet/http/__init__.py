"""What every endpoint shares: problems, strict bodies, request ids, conditional reads."""
