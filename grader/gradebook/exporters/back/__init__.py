"""Give feedback back where students look: in the form that their platform takes.

In reading order: `index` lists pages for a mail merge, `download` says whose a file of a download
is and what the platform takes back for it, `choosing` says whose page goes where, `giving` puts it
there, `comments` fills the column of a worksheet.
"""
