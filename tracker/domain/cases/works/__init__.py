"""拆、清、绿、改、装、亮: what is to be done at the railway, by the standard of the town or of the country."""
