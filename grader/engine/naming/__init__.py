"""From a wrong answer to a sentence.

In reading order: `shrink` looks for a smaller failing case and `smaller` asks about each, for which
`answers` has what is right, and what known mistakes answer;
`counterexample` writes it as a call, `separation` says which cases fail, `diagnosis` names the
known mistake, `symptoms` the general one, `factors` what wrong numbers were multiplied by;
`phrases` has what others must know word for word. `words` asks them all, and sees to it that none
can cost a verdict. `mending/` looks for the line: the edit after which every case passes.
"""
