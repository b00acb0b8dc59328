"""Named arrays and plain values as bytes and back: the same content gives the same bytes. No pickle."""

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LENGTH = struct.Struct("<I")


def pack(values: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """One JSON header (values; name, type and shape of each array), then the arrays' bytes, little-endian."""
    stored = {name: np.ascontiguousarray(array, array.dtype.newbyteorder("<")) for name, array in arrays.items()}
    shapes = [[name, array.dtype.str, list(array.shape)] for name, array in stored.items()]
    header = json.dumps({"values": dict(values), "arrays": shapes}, sort_keys=True, separators=(",", ":")).encode()
    return b"".join([_LENGTH.pack(len(header)), header, *(array.tobytes() for array in stored.values())])


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The values and arrays of `pack`; the arrays are read-only views. Raises ValueError on anything else."""
    try:
        return _unpacked(data)
    except (struct.error, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"These bytes are not a packed record of the filter: {error}") from error


def _unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    start = _LENGTH.size
    (length,) = _LENGTH.unpack_from(data)
    header = json.loads(data[start : start + length])
    position = start + length
    arrays: dict[str, NDArray[Any]] = {}
    for name, kind, shape in header["arrays"]:
        dtype = np.dtype(kind)
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(data, dtype, count, position).reshape(shape)
        position += count * dtype.itemsize
    return header["values"], arrays
