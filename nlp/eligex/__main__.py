"""``python -m eligex``."""

from __future__ import annotations

from eligex.cli import main

if __name__ == "__main__":
    main()
