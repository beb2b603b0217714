"""The office's pages in the admin, each a part of its own; ``appeals.admin`` puts them together."""
