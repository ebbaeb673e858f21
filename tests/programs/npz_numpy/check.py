"""Writes archives for main.cpp, then reads what it wrote."""
import sys

import numpy as np

CODES = ["?", "i1", "u1", "i2", "u2", "f2", "i4", "u4", "f4", "i8", "u8", "f8", "c8", "c16"]
SHAPES = [(), (1,), (7,), (2, 3), (3, 1, 4), (0, 2)]


def arrays():
    random = np.random.default_rng(0)
    out = {}
    for code in CODES:
        for shape in SHAPES:
            values = np.array(random.integers(0, 100, shape))
            out[f"{code.strip('?') or 'bool'}/{'x'.join(map(str, shape)) or 'scalar'}"] = (
                values % 2 == 0 if code == "?" else values.astype("<" + code)
            )
    out["special/f4"] = np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45], "<f4")
    return out


def variant(array, order, axes):
    if array.dtype.kind != "b":
        array = array.astype(array.dtype.newbyteorder(order))
    return np.array(array, order=axes)


if sys.argv[1] == "write":
    for order in "<>":
        for axes in "CF":
            name = ("little" if order == "<" else "big") + axes
            values = {key: variant(array, order, axes) for key, array in arrays().items()}
            np.savez(name, **values)
            np.savez_compressed(name + "_packed", **values)
    np.save("single", variant(arrays()["f8/3x1x4"], ">", "F"))
else:
    for name in ("stored.npz", "packed.npz"):
        with np.load(name, allow_pickle=False) as file:
            assert file.zip.testzip() is None
            assert sorted(file.files) == sorted(arrays()), (file.files, list(arrays()))
            for key, array in arrays().items():
                assert file[key].dtype == array.dtype and file[key].shape == array.shape, key
                assert file[key].tobytes() == array.tobytes(), key
    single = np.load("copy.npy", allow_pickle=False)
    assert single.tobytes() == arrays()["f8/3x1x4"].tobytes() and single.shape == (3, 1, 4)
