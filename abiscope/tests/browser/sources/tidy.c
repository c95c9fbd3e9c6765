#define Py_LIMITED_API 0x030B0000
#include <Python.h>

static PyObject *
first(PyObject *module, PyObject *argument)
{
    return PySequence_GetItem(argument, 0);
}

static PyMethodDef methods[] = {
    {"first", first, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "tidy", NULL, -1, methods};

PyMODINIT_FUNC
PyInit_tidy(void)
{
    return PyModuleDef_Init(&module);
}
