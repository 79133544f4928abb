"""From Markdown, in a file or the browser, to a checked draft and a published version."""
