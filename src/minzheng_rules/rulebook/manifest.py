"""What may stand in ``rules/rulebook.yaml``."""

MANIFEST_KEYS = ("name", "vocabulary", "decides_through", "layers", "note")
LAYER_KEYS = ("id", "level", "within", "term")
