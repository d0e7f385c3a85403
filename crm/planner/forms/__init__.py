"""Forms of tasks and meetings."""
