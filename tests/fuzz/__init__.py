"""Odd requests to every address of the portal, as bytes to the real server: see ``tests.fuzz.__main__``."""
