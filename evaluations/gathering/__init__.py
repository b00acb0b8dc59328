"""What reports say, gathered once from what is published: protected figures, and quotes that may be printed."""
