"""What is printed exactly: where it stands on the paper, in millimetres.

Plain functions, no ORM: :mod:`geometry` knows sheets, :mod:`fitting` how wide a text
is, :mod:`layout` puts texts on pages, :mod:`drawing` makes a PDF of them and
:mod:`calibration` says how much another program shrinks what it prints.
"""
