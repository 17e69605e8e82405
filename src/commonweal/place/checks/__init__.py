"""What is wrong with a place's inputs?"""
