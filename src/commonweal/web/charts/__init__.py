"""How is each kind of chart drawn?"""
