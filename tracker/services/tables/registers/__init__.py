"""Registers of supervised sites in from files, and out."""
