"""Looking at pixels: where a picture lies in a view, what is laid over it, what is measured."""
