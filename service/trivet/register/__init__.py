"""The mirrored register: what it holds, where it comes from, what was known when."""
