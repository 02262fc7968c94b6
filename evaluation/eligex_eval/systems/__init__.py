"""Systems: whatever turns texts into results, behind one small protocol."""
