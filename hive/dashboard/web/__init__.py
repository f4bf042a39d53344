"""The dashboard in a browser: one page, one API and one WebSocket over the same fold as the terminal."""
