"""Floor 3: the words. Frozen records that the other rooms talk in; see DESIGN's "Words" in the manual."""
