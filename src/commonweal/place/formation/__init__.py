"""Which neighbourhoods should the practices of a place form?"""
