"""`python -m ncpcsim_cli`, the same as `ncpcsim`."""

from ncpcsim_cli.main import main

main(prog_name="ncpcsim")
