"""The notifications service: tells customers what happened."""
