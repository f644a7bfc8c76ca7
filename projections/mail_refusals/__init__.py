"""Logins and mails that the listener refused, with the reason."""
