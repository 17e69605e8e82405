"""Which practice takes part in the MCP, how, and from when to when?"""
