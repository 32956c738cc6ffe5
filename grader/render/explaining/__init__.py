"""What stands behind an exercise, at length.

`explanation` says what one exercise asks, `page` sets a topic's page on the screen,
`hints` shows those that were read.
"""
