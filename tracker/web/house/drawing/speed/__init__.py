"""What makes pages quick and draws nothing new: rows filled into patterns, kept parts, addresses put together once. Rows and
parts can be left out (`create_app(…, without=…)`), and the page stays the same to the byte; what each saves is a line of
`bench/pieces.py`."""
