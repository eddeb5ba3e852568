"""Word documents: what mammoth does not read or tell, prepared before it and put right behind it."""
