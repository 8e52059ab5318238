"""From an article to a Reading: everything that can be known without a model."""
