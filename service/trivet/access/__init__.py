"""Who may ask: accounts, keys and scopes."""
