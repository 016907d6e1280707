"""Many files, one after the other, with results written as they come."""
