"""The gateway beside whole peers: valid callbacks, fired over loopback, every reply opened and checked."""
