"""Named arrays and plain values as bytes and back: the same content gives the same bytes. No pickle."""

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LENGTH = struct.Struct("<I")


def pack(kind: str, values: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """One JSON header (kind; values; name, type and shape of each array), then the arrays' bytes, little-endian."""
    stored = {name: np.ascontiguousarray(array, array.dtype.newbyteorder("<")) for name, array in arrays.items()}
    shapes = [[name, array.dtype.str, list(array.shape)] for name, array in stored.items()]
    header = {"kind": kind, "values": dict(values), "arrays": shapes}
    written = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    return b"".join([_LENGTH.pack(len(written)), written, *(array.tobytes() for array in stored.values())])


def unpack(kind: str, data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The values and arrays of `pack`; the arrays are read-only views. Raises ValueError on anything else."""
    try:
        return _unpacked(kind, data)
    except (struct.error, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"These bytes are not a packed {kind}: {error}") from error


def _unpacked(kind: str, data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    start = _LENGTH.size
    (length,) = _LENGTH.unpack_from(data)
    header = json.loads(data[start : start + length])
    if header["kind"] != kind:
        raise ValueError(f"they hold a {header['kind']}")
    position = start + length
    arrays: dict[str, NDArray[Any]] = {}
    for name, dtype, shape in header["arrays"]:
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(data, np.dtype(dtype), count, position).reshape(shape)
        position += arrays[name].nbytes
    return header["values"], arrays
