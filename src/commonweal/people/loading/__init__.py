"""How does the linked record come from files? Recognised by columns, checked row by row, put together, published."""
