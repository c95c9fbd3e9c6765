cdef int twice(int value):
    return 2 * value

def answer():
    return twice(21)
