"""Who is the person a record is about? By NHS number where there is one, else by name, birth date, sex and postcode."""
