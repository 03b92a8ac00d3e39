"""Prints which BLAS a library multiplies with: `blas.py MODULE` gives {"kind", "name", "core"} as JSON."""

import ctypes
import importlib
import json
import os
import sys

# Wheels of NumPy rename the functions of the OpenBLAS that they carry.
PREFIXES = ("", "scipy_")
SUFFIXES = ("", "64_", "_64")


def loaded_libraries():
    try:
        with open("/proc/self/maps") as maps:
            fields = [line.split(maxsplit=5) for line in maps]
    except OSError:
        return []
    return sorted({row[5].strip() for row in fields if len(row) == 6 and ".so" in os.path.basename(row[5])})


def said(library, function):
    for prefix in PREFIXES:
        for suffix in SUFFIXES:
            call = getattr(library, prefix + function + suffix, None)
            if call is not None:
                call.restype = ctypes.c_char_p
                return call().decode()
    return ""


def find_blas():
    paths = loaded_libraries()
    for path in paths:
        if "openblas" not in os.path.basename(path):
            continue
        library = ctypes.CDLL(path)
        name = " ".join(said(library, "openblas_get_config").split()[:2])
        return {"kind": "openblas", "name": name or "OpenBLAS", "core": said(library, "openblas_get_corename")}
    for path in paths:
        # The reference implementation of netlib; other implementations that take its place have folders of their own.
        if os.path.basename(path).startswith("libblas.so") and not any(other in path for other in ("openblas", "atlas", "blis", "mkl")):
            return {"kind": "reference", "name": "reference BLAS", "core": ""}
    return {"kind": "other", "name": "", "core": ""}


importlib.import_module(sys.argv[1])
print(json.dumps(find_blas()))
