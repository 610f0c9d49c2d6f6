"""Documents of the mid-term evaluation: one content, bound to the results, in Word, Excel and HTML."""
