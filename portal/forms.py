"""How the portal's forms look: Django's own rendering with our field template."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Render each field with its label, hint and error from ``templates/forms/field.html``."""

    field_template_name = "forms/field.html"
