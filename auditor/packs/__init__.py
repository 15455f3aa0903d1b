"""Packs, the YAML files that hold one source document's requirements each."""
