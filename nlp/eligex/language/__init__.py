"""What every reader of text shares: tokens, connectors, noun phrases."""
