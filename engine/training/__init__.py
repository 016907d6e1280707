"""Training and measurement of the weights this project ships."""
