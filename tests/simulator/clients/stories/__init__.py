"""What an unmodified wechatpy does with the simulator, told by noun; run in a child, under either version."""
