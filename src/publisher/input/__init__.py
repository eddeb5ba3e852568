"""From bytes to something a reader can walk: the manuscript, what kind of file it is, archives, mail parts, pages, XML."""
