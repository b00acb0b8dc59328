"""Who may enter which pages of the room."""

from members.views.access import only_if
from programme.permissions import can_run_the_programme, can_see_services

for_managers = only_if(can_run_the_programme)
for_service_users = only_if(can_see_services)
