"""The words that the author of a check imports; they live in `grader.course.vocabulary`.

In a check file the check is called what it is about: `exercise = Exercise(...)`.
"""

from grader.course import vocabulary
from grader.course.vocabulary import *  # noqa: F403 - a face: the words are listed there
from grader.course.vocabulary import Check as Exercise

__all__ = ["Exercise", *vocabulary.__all__]  # noqa: PLE0604 - names from a list of names
