"""Why clients complain: a typology by rules over lemmas, in French and in English (method, section 11)."""
