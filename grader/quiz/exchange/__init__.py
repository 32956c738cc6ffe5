"""Questions on their way to other programs and from them.

In reading order: `question` is a question as those programs know it, `posed` makes one of a drawn
variant, with the picture that `illustrating` paints, `texts` turns their HTML into plain text and
`weighing` tells right answers from wrong ones; `gift` and `moodle` read files that anybody may have
written (`bounded` is how they are opened), `keeping` makes a topic's file of what was read, and
`commands` are `dlgrade quiz export` and `dlgrade quiz import`.
"""
