"""Messages to browsers (Web Push): encryption, the signature that names this server, and the way to the services."""
