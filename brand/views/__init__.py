"""The public pages, what machines read, and the page on which managers write."""
