"""Any agent that speaks the Agent Client Protocol, from a catalogue or the user's own settings."""
