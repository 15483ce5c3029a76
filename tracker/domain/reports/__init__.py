"""The reports: each a builder that counts stories one by one and then says its document."""
