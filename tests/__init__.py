"""The tests of the house. The folders mirror the package; `stories` are whole journeys, `house` tests the house itself."""
