"""What an entity means: codes in open vocabularies, and limits in one unit for each analyte."""
