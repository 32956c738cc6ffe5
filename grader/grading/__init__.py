"""Many submissions: from a download to facts in a gradebook.

In reading order: `intake/` finds, reads and lays out what came in; `run` is one `dlgrade grade`;
`batch` goes from submission to submission; `executor` hands them to grading processes, which
`process` starts and holds to their limits and `job` is (`messages` pass between them); there
`opening` lays a submission out, `facts` writes down what was found and `excerpts` the lines that it
is about; `exams` marks graded quizzes; `whose` says at the end who handed in nothing; `similarity`
compares submissions with each other, and `unchanged` what lies there with what was graded.
"""
