"""What the words of a check stand for, beside cases and mistakes.

In reading order: `levels` is a family of cases with points of its own and what it asks beside a
right answer; `rules` are what an answer may be held to in its place, `averages` of random results
and `goals` such as a loss; `predictions` are a file in place of a function; `autograd` computes the
gradients of equivalents. `grader.vocabulary` hands them out. What an author gets wrong is told by
`asked` (the words of a check), `described` (those of a strategy), `settings` (those of course.toml)
and `places` (file and line).
"""
