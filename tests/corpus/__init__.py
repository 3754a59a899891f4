"""Order forms as schools send them back, each with what has to become of it."""
