"""What Python and NumPy raised, in one sentence for a beginner.

`scene` is what is known of an exception, and what a sentence about one kind is made of;
`translation` finds the kind. The kinds by family: `own` what the student's code raises itself,
`names` and `attributes` what is not there, `objects` what a class and `self` are asked for,
`operators` that do not suit and one yes or no for a whole array, `shapes` and `indexes` what does
not fit and what is past the end, `floats` as sizes, `numbers` of the wrong kind, `calls` that do
not suit. `syntax` is about files that are not Python, `importing` about those that do not import.
"""
