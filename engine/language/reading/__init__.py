"""The stages that turn the text of a YAML file into nodes; `reader` calls them in order."""
