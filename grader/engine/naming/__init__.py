"""From a wrong answer to a sentence.

In reading order: `shrink` looks for a smaller failing case and `smaller` asks about each, for which
`answers` has what is right, and what known mistakes answer;
`telling` finds another one where the smallest hides the pattern;
`counterexample` writes either as a call, `separation` says which cases fail, `diagnosis` names the
known mistake, `composed` makes others of them, `symptoms/` has what wrong numbers look like and
`exceptions/` what was raised;
`losses` says over which call a worker was lost, `phrases` has what others must know word for word.
`words` asks them all, and sees to it that none can cost a verdict. `mending/` looks for the line:
the edit after which every case passes.
"""
