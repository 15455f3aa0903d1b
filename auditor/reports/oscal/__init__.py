"""What both OSCAL documents are made of; the writers are `to_oscal` and `to_oscal_plan`."""
