"""An agent loop in this process on Anthropic's Messages API: light enough for a hundred sessions."""
