"""dlgrade: an auto-graded course in the building blocks of deep learning.

The trusted side draws the cases, knows the answers and gives the verdicts; a student's code runs
in another process that knows numpy and its arguments, and sends back plain bytes. docs/design.md
shows which room knows which.
"""

__version__ = "0.1.0"
