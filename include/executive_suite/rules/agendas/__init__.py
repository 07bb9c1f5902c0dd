"""The ranked agendas, one module each; scores are shown with their parts, ties are broken by id."""
