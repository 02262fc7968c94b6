"""Which models the installed packages offer, by the entry points that spaCy reads."""

from importlib import metadata

_GROUP = "spacy_models"


def models() -> dict[str, metadata.EntryPoint]:
    """Return all models, by name."""
    return {point.name: point for point in metadata.entry_points(group=_GROUP)}


def installed_models() -> dict[str, metadata.EntryPoint]:
    """Return the eligex models that installed packages offer, by name."""
    return {name: point for name, point in models().items() if name.startswith("eligex_")}
