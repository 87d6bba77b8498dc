"""The wording of suppliers: how a text is read, which phrases there are, what each is worth and when it is meant."""
