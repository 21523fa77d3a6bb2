"""Receive mail, read what it says, and hand decisions to the engine."""
