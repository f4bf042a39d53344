"""The fake that ships: an agent that does exactly what a script says, misbehaviour included."""
