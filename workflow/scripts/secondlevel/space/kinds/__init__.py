"""The kinds of maps, one file each: how those of subjects are read, and what is analysed of them."""
