#include <Python.h>
/* Source that would like to be markup, to run, to leave, and to be read backwards. */
static const char *markup = "<img src=x onerror=\"window.hit=1\">"; static PyObject *one(PyObject *t) { return PyTuple_GET_ITEM(t, 0); }
static const char *script = "</code></td><script>window.hit=1</script>"; static PyObject *two(PyObject *t) { return PyTuple_GET_ITEM(t, 1); }
static const char *turned = "TURN // BACK gnirts"; static PyObject *three(PyObject *t) { return PyTuple_GET_ITEM(t, 2); }
static const char *away = "<link rel=stylesheet href=http://elsewhere.invalid/a.css>"; static PyObject *four(PyObject *t) { return PyTuple_GET_ITEM(t, 3); }
#if defined(A_NAME_THAT_IS_AS_LONG_AS_NOBODY_WOULD_WANT_TO_READ_IT_BUT_SOMEBODY_WROTE_IT_ALL_THE_SAME_WITHOUT_ONE_PLACE_TO_BREAK_IT)
static PyObject *five_with_a_name_without_any_place_to_break_it_either_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX(PyFrameObject *f) { return (PyObject *)f->f_code; }
#endif
PyMODINIT_FUNC PyInit_hostile(void) { return NULL; }
