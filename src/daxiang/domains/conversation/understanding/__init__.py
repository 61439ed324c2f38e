"""What a message means, part by part: a module for each kind of word. Pure: no model, network or clock."""
