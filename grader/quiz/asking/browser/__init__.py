"""A sitting as pages of HTML, for a browser on the same machine; they work without scripts.

`pages` is a sitting between forms: what it shows now, and what becomes of a form. `fields` are the
fields of each kind of question and the answer that they hold, `page` writes the HTML around them
and `document` what every page has, `serving` answers on loopback, and `screen` is what
`dlgrade quiz --browser` holds a sitting on.
"""
