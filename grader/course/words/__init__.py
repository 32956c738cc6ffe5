"""What the words of a check stand for, beside cases and mistakes.

In reading order: `levels` is a family of cases with points of its own and what it asks beside a
right answer, `autograd` computes the gradients of equivalents. `grader.vocabulary` hands them out.
"""
