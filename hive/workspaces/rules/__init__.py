"""What the scope guard looks for."""
