"""The press desk: what staff do with events and reports in the admin."""
