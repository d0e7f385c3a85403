"""What is computed of customers from what they bought and asked."""
