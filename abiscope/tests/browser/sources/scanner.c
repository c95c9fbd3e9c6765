/* Finds quoted strings in text. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "pythoncapi_compat.h"

typedef struct {
    PyObject_HEAD
    PyObject *text;
    Py_ssize_t at;
} Scanner;

static void
scanner_dealloc(Scanner *self)
{
    Py_XDECREF(self->text);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *
scanner_pair(PyObject *module, PyObject *args)
{
    PyObject *key = PyTuple_GET_ITEM(args, 0);
    PyObject *value = PyTuple_GET_ITEM(args, 1);
    PyObject *pair = PyTuple_New(2);
    if (pair == NULL)
        return NULL;
    Py_INCREF(key);
    PyTuple_SET_ITEM(pair, 0, key);
    Py_INCREF(value);
    PyTuple_SET_ITEM(pair, 1, value);
    return pair;
}

static Py_ssize_t
find_quote(PyObject *text, Py_ssize_t from)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t end = PyUnicode_GET_LENGTH(text);
    for (Py_ssize_t at = from; at < end; at++) {
        if (PyUnicode_READ(kind, data, at) == '"')
            return at;
    }
    return -1;
}

static PyTypeObject ScannerType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "stringlib.Scanner",
    .tp_basicsize = sizeof(Scanner),
    .tp_dealloc = (destructor)scanner_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
};

#if PY_VERSION_HEX < 0x030A0000
static int
line_of(PyFrameObject *frame)
{
    return frame->f_lineno;
}
#endif

static PyMethodDef methods[] = {
    {"pair", scanner_pair, METH_VARARGS, "Two things in a tuple."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "stringlib", NULL, -1, methods,
};

PyMODINIT_FUNC
PyInit_stringlib(void)
{
    if (PyType_Ready(&ScannerType) < 0)
        return NULL;
    return PyModule_Create(&module);
}
