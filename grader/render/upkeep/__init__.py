"""Screens for whoever looks after the grader: `audit` what it catches, `probes` where it runs."""
