"""What a student's text says before anything of it is run.

`bindings` tells names, `statements` which statement gives a name its value, `imports` what may not
be imported in all files of a submission, and `needs` which function that costs. `sites` tells what
stands in a line, when something went wrong there, and `twice` which of two functions counts.
`slices` tells which statements a wrong result comes from, `expressions` what one calls or is.
`conditions` tells what decides whether an answer comes, `loops` what the end of a `while` hangs on.
`classes` tells whether a class is written as its stub says, `suspects` which of its methods is
likely at fault; `obstacles` are why nothing is run.
"""
