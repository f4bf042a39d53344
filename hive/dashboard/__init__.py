"""Screens: each is a pure function of the fold, with a thin writer around it."""
