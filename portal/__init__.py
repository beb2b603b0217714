"""The project: settings, addresses, and what news and appeals share."""

# The one place of the version; CHANGELOG.md begins with it. Told to operators alone.
__version__ = "1.0.0"
