"""Build each drawing: which number stands where, and what it is there for.

`making` is what they share. About convolution: `window`, its `gradients`, `positions`, `padding`,
`overlap` and `pooling`; `receptive` for several layers; about networks: `network` (the graph of its
values), `tower`; about sequences: `lstm`, `vanishing`, `attention`; `paths` for optimisers.
Each has a `build` that takes the student's functions, the knobs and the exercise that is meant.
"""
