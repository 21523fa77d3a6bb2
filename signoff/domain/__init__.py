"""What an approval is: pure values and pure functions.

The rule of this folder: no IO, no clock, no environment, no randomness. Time,
drawn ids and secrets come in as arguments; what should happen goes out as
effects. So all of it can be tested by calling it, and the durable workflow can
replay it.
"""
