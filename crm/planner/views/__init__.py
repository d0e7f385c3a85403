"""Pages of tasks, meetings and the week."""
