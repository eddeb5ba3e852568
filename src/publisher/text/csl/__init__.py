"""Citation styles in the Citation Style Language, run by citeproc-js. Styles, locales and processor are data."""
