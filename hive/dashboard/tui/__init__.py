"""The terminal dashboard: screens that render the board and send commands, and decide nothing."""
