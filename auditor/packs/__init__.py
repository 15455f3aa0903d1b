"""Floor 7: packs, the YAML files that hold one source document's requirements each."""
