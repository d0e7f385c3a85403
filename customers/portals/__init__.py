"""The frame of the customer portal: who is signed in, and the socket by which apps fill it."""
