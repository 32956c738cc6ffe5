"""`python -m grader.stubs [COURSE]` derives the stubs; `grader.course.stubs` does it."""

from grader.course.stubs import main

if __name__ == "__main__":
    main()
