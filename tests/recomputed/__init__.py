"""Every computed question worked out again from its text alone, without a look at its formula.

Most answers are found by doing what the question tells: laying windows, counting weights one array
after the other, walking through the steps. `reading` says what a student sees, `working` how such
steps are done, `answers` is the table: `ns` are the numbers of a question in their order, `vs` its
lists, `ts` its tables as arrays.
"""
