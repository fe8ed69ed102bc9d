"""The pages of signing in, of second factors, sessions and offices."""
