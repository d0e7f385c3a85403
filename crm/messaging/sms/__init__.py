"""Text messages: counting parts, and the senders that hand them to a gateway."""
