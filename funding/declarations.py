"""What every partner of an application declares, in these words. They are kept with what is handed in."""

from django.utils.translation import gettext_lazy as _

DECLARATIONS = (
    ("true", _("What we say in this application is true and complete.")),
    ("once", _("No other public money pays for the same costs.")),
    ("means", _("We can pay our own share, and are not bankrupt or being wound up.")),
    ("shared", _("The funders of the call and their reviewers may read the application.")),
)
