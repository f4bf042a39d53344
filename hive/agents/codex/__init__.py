"""OpenAI's Codex, driven through the app server of its own program."""
