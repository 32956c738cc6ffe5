"""Ask a student's function on a worker that may be lost.

In reading order: `calls` asks about cases, `levels` about all cases of a level, and `pacing` how
long an answer takes, beside the `yardstick` of the course's own. Predictions that were `handed_in`
are a file: nobody is asked.
"""
