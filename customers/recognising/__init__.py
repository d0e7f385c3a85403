"""Who is this, and is somebody like it here already: normal forms, finding, likeness, becoming one."""
