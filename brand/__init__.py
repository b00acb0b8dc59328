"""The cluster's public pages: who it is, its members, what is open to partners, activities, results in numbers."""
