"""Settings that Open edX's plugin system adds to the platform's."""
