"""Why is an amount what it is, and why do two contracts pay differently?"""
