"""Policy packs that ship with revlex, one folder for each market."""
