"""Who may enter which pages of the room."""

from members.permissions import can_manage
from members.views.access import only_if
from opportunities.permissions import may_read_feeds, may_search

for_managers = only_if(can_manage)
for_members = only_if(may_read_feeds)
for_readers = only_if(may_search)
