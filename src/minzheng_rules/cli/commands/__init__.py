"""The subcommands, one module each; a module's ``command`` is found by its name when it is asked for."""
