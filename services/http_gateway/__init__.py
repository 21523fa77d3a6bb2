"""The HTTP gateway: the page behind the link, and the operator's face.

It holds no rule and no state. Every view ends in a use case of `signoff`; what
came of it is put into a page or a JSON document here. GET and HEAD settle
nothing, ever: only a person's POST of the form decides.
"""
