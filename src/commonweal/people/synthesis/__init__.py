"""How is a whole population made up that behaves like a real one, and how near does it come?"""
