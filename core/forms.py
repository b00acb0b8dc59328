"""How every form of the portal is written out."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Forms and fields through our own templates, widgets through Django's; FORM_RENDERER names it."""

    form_template_name = "_forms/form.html"
    field_template_name = "_forms/field.html"
