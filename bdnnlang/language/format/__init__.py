"""The canonical layout of a `.bdnn` text: its tokens and comments as a tree (`reading`), and the tree as lines (`layout`).

Only blanks, line breaks and commas that mean nothing change. No token and no comment is added, lost, changed or moved past
another one, except that a comma goes before the comment behind its item. Nothing is known of what words mean.
"""
