"""The whole put together: settings, root addresses, front page, navigation, the server's entry point."""
