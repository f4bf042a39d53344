"""Coding agents behind one Protocol: adapters, their registry and the suite that each must pass."""
