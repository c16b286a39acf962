"""How it happens: the steps, the sources, the warehouse, the settings and the command line."""
