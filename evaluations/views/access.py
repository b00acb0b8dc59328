"""Who may enter which pages of the room."""

from evaluations.permissions import can_read_results, can_run_waves
from members.views.access import only_if

for_managers = only_if(can_run_waves)
for_readers = only_if(can_read_results)
