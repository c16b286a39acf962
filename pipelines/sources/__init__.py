"""Sources: what each kind of source needs to hand its pages to the landing."""
