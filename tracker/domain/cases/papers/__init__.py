"""The papers that an office sends about its cases, as plain values."""
