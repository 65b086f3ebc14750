"""Many runs of a plan: drawing parameters, executing in parallel, keeping what was found."""
