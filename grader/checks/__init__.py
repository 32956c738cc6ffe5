"""The built-in course's checks, one file an exercise: `checks/<module>/<exercise>.py`.

They are found and loaded by name (`grader.course.course`), not imported from here.
"""
