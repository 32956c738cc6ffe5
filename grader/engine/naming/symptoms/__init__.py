"""What wrong numbers look like, whatever the exercise is.

In reading order: `wrongs` takes the wrong part out of each answer, `kinds` looks at what stands
there, `places` at where right numbers stand, `parts` at which are right, `amounts` at one relation
between wrong numbers and right ones, `factors` has what a factor could be, `sizes` compares the
failing cases with those that pass, and `sharing` scripts of two objects with those of one;
`recognition` asks them in order. `endless` tells what a loop hangs on that did not end.
"""
