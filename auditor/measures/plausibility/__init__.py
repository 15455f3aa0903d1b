"""Questions about the evidence: rows that a person should look at, whatever the verdicts say."""
