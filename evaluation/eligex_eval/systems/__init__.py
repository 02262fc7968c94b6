"""Systems: anything that turns texts into results, with one small protocol."""
