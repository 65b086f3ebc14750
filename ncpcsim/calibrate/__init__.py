"""Published accounts, and what a model can learn from them."""
