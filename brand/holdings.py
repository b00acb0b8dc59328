"""What this room holds on people: who saved the cluster's own page, and nothing else."""

from django.utils.translation import gettext_lazy as _

from core.holdings import ACTS, register

register(
    "brand",
    _("Public pages"),
    [],
    left_out={
        ACTS: ["PageVersion.saved_by"],
        "The cluster's own address, which everybody reads.": ["ClusterPage.contact_email"],
    },
)
