"""Patrols of the railway's sections and of every day."""
