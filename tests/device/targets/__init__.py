"""Generated C on emulated devices."""
