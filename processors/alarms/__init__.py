"""Mails to alarms, alarms to marks: what each mail says of which camera, and the stretches that it marks."""
