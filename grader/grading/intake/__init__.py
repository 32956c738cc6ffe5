"""What comes in, read with distrust.

In reading order: `layouts/` knows each platform's download, `submissions` finds and reads files as
bytes, `claims` settles whose they are and `teams` shares a team's work out, `notebooks` turns cells
into code, `staging` opens archives and lays files out.
"""
