"""The window. It computes nothing; it asks the engine through engine.api."""
