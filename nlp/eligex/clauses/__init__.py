"""Conditions and exceptions: where one begins and ends, and what it says."""
