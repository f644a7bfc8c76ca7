"""Facts → facts: pure rules, folded by agents. They meet each other only on topics."""
