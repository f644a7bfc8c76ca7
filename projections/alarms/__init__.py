"""What each mail said of which camera, when it came, and how far back a camera's mails reach."""
