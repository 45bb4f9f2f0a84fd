"""Which way suits a flexible worker or somebody unsure: the schemes and helps side by side; and helping the uninsured."""
