"""The pages: values to words, words to HTML."""
