"""What the public pages show. Nobody is asked for here: whatever is read is for everybody."""
