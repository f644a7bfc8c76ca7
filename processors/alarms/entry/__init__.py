"""The entry of mails: each is kept, read, and told as alarms, or as a letter that says why it is none."""
