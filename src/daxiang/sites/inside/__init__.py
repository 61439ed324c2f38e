"""Pages inside WeChat for officers: an edition, the suggestion box. No session: the address is the key."""
