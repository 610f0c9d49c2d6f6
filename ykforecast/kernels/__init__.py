"""Plain arrays in, plain arrays out: the loops that numba compiles. NumPy and numba only.

Importing this package imports no numba and compiles nothing; the first call of a
kernel does, and leaves its machine code in the folder named by ``compile_cache``.
"""
