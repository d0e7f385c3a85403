"""Forms of the service desk, by what they change."""
