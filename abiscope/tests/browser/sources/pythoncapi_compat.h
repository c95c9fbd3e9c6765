// Header file providing new C API functions to old Python versions.
//
// File distributed under the Zero Clause BSD (0BSD) license.
// Homepage: the pythoncapi-compat project
#ifndef PYTHONCAPI_COMPAT
#define PYTHONCAPI_COMPAT

#include <Python.h>

static inline PyCodeObject *
_compat_frame_code(PyFrameObject *frame)
{
    Py_INCREF(frame->f_code);
    return frame->f_code;
}

#endif
