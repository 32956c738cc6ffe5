"""Build each drawing: which number stands where, and what it is there for.

`making` is what they share. About convolution: `window`, `positions`, `padding`, `overlap` and
`pooling`; `receptive` for several layers; about networks: `network` (the computational graph),
`tower`; about sequences: `lstm`, `vanishing`, `attention`; `paths` for optimisers.
Each has a `build` that takes the student's functions, the knobs and the exercise that is meant.
"""
