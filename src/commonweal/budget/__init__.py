"""What should the care of this population cost?"""
