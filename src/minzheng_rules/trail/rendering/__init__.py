"""The forms a trail is printed in: text, Markdown, HTML, JSON."""
