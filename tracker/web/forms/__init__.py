"""Forms know shape; truth belongs to the law."""
