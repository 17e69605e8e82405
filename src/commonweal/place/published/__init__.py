"""What do the published files say?"""
