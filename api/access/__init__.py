"""Who may see and do what: users, groups, sessions, tokens and share links."""
