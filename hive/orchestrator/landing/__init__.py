"""How a tested changeset reaches its target: on the user's branch, on a remote's, or by a pull request."""
