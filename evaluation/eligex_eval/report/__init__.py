"""Reports: one complete dictionary, and its forms: JSON, CSV, Markdown and self-contained HTML."""
