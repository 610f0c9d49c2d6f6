"""Tables, figures, words and typeface: what is shown of results."""
