"""Any command line as an agent, from a template in the user's own settings."""
