"""Commands for people who work on ImaLink or try it out: what stands behind `make run` and `make demo`."""
