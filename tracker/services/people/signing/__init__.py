"""Signing in: sessions, links, slowed guessing, and the trail of both."""
