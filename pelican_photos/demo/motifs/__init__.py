"""The motifs: each function draws one picture on the canvas it is given."""
