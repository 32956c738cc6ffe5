"""Screens about what work stands on: `audit` what the grader catches, `probes` where it runs.

And `laidout`: what `init` and `reset` put into a student's folder.
"""
