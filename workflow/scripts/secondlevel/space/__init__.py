"""What a map is defined on: reading and writing images, masks, smoothing, neighbours, the standard brain."""
