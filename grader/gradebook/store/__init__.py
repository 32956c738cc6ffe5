"""The SQLite file of a gradebook: what is in it, whose it is, how damage is noticed.

In reading order: `schema.sql` is the commented schema, `migration` makes it and brings older files
up to it, `seals` keeps a digest beside what was written and compares it when that is read, `spares`
mends what belongs to the whole class; `opening` looks at what is there before anything of it is
believed, `connection` asks and writes what is open, `rescue` reads what SQLite cannot follow any
more, `lock` lets in one run at a time.
"""
