"""From a Reading to a Draft: which trials there are, and what is proposed for each."""
