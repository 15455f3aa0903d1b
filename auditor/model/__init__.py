"""The words. Frozen records that the other rooms talk in; what each means stands in `docs/meaning.md`."""
