"""The orders service: what customers bought."""
