"""What a student's text says before anything of it is run.

`bindings` tells names, `statements` which statement gives a name its value, and `imports` what an
asked function needs that it may not import, through all files of a submission.
"""
