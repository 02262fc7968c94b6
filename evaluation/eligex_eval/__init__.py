"""The evaluation harness of eligex."""
