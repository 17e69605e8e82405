"""Who bears the risk of a contract, and what would they need to bear it?

Floats where futures are counted, never an amount paid; stress tests and forms are exact.
"""
