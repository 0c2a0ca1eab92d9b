"""Pictures of the screens, taken with a real Chromium."""
