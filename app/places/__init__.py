"""The window's places, one widget each: what each shows, and how it hears of changes."""
