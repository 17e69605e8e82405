"""What does chance alone pay, and which corridor, pooling period or list size keeps that low?

Spreads and probabilities are statistics, so floats are allowed in this package; no amount that is paid is made here.
"""
