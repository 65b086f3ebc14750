"""Results on disk: one folder format, a manifest and sealed parts."""
