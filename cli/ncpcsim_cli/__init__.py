"""The command line of ncpcsim: arguments, progress and colour, and no logic of its own."""
