"""What an account stands for: somebody, or a device or another system."""

from enum import StrEnum


class PersonKind(StrEnum):
    """A service reports or hands in by machine. It never signs in, gets no mail, and stands for nobody."""

    person = "person"
    service = "service"
