"""Reports on paper: content in as plain data, PDF out. No Django, no database, no clock."""
