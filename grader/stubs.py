"""`python -m grader.stubs [COURSE]` is the old way to say `dlgrade stubs`."""

from grader.course.stubs import main

if __name__ == "__main__":
    main()
