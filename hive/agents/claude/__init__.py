"""Claude Code, driven through its own agent SDK; the SDK's wheel carries the program."""
