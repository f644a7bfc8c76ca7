"""Episodes: each version of each mark, the current ones, and the saves that were refused."""
