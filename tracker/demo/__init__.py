"""The demo district: real streets, invented people, and a year of cases that walked the real steps on a set clock.

district (units, people) · responsibility (routing) · places, problems, sentences, reporters (words) · stories (how many of what)
· matters (what each is about) · plots, incidents (the course of a case) · walk (one case's hands and feet) · loading (the deed).
"""
