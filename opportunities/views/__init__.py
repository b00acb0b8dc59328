"""The room's pages: a member's feed, the manager's inbox, sources and imports."""
