"""What leads and customers share that lie in pools: who may claim how many, who held what, when they go back."""
