"""A class on the screen: `told` is what a gradebook and a run tell, `run` a run and its end."""
