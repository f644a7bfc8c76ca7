"""Signing in with an OpenID Connect provider. Needs the extra ``oidc``."""
